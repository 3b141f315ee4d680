import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import type { ImportReport } from '#core/contract/importReport.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { writeFileAtomic } from '#workers/files/atomicFile.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { importProject } from '#workers/import/importProject.ts';
import { modelPath } from '../networks/importedNetwork.ts';
import { withCheckpointOption, type CheckpointOption } from '../options/updateOptions.ts';
import { print, printJson, table } from '../output/output.ts';

interface ImportOptions extends CheckpointOption {
  out: string;
  architecture?: string;
  partial?: true;
  force?: true;
  json?: true;
}

/** `normlab import FILE --out PROJECT`: a model of another program as a project that starts from its weights. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('open a model file of another program as a project with its trained weights')
    .argument(
      '<file>',
      'PyTorch, safetensors, npz, Keras, ONNX or Caffe; an exported file, a project, a run, or a name of `normlab models list`',
    )
    .requiredOption(
      '--out <project>',
      `the project to write (${PROJECT_EXTENSION}); its weights are written beside it`,
    )
    .option('--architecture <name>', 'for a file of tensors only: the built-in network that they belong to')
    .option(
      '--partial',
      'also where blocks outside the head have no fitting tensor; they will be initialized',
    )
    .option('--force', 'replace the project and its weights when they are already there')
    .option('--json', 'print one JSON object');
  return withCheckpointOption(command, 'of a run, ').action(async (given: string, options: ImportOptions) => {
    const home = openLabHome();
    const project = projectPath(options.out);
    const weights = join(dirname(project), `${basename(project, PROJECT_EXTENSION)}.weights.safetensors`);
    const overwrite = options.force === true;
    refuseTaken(project, overwrite);
    const { document, report } = await importProject(
      {
        from: modelPath(given, options.checkpoint),
        architecture: options.architecture ?? null,
        partial: options.partial === true,
        weightsFolder: home.weights,
      },
      { kind: 'file', file: weights, overwrite },
    );
    await writeFileAtomic(project, serializeDocument(document), { overwrite });
    if (options.json) printJson({ project, weights, ...report, notes: report.notes.map(inEnglish) });
    else printReport(project, weights, report);
  });
}

function projectPath(out: string): string {
  return out.endsWith(PROJECT_EXTENSION) ? out : `${out}${PROJECT_EXTENSION}`;
}

/** Before a large file is read: the name must be free. */
function refuseTaken(file: string, overwrite: boolean): void {
  if (overwrite || !existsSync(file)) return;
  throw new AppError('output-exists', message('files.exists', { file }), { where: file });
}

/** Tensors that are listed by name on the terminal; `--json` lists all of them. */
const LISTED = 20;

function printReport(project: string, weights: string, report: ImportReport): void {
  const { architecture, naming, matched, slots, wrongShape } = report;
  const what =
    architecture === null ? report.format : `${architecture}${naming === null ? '' : ` (${naming} names)`}`;
  print(`${project}: ${what}, ${matched} of ${slots} tensors from ${report.source}`);
  print(`weights: ${weights}`);
  printNames('missing, will be initialized', report.missing);
  printNames('in the file but not in the network', report.unexpected);
  printNames('transposed', report.transposed);
  if (wrongShape.length > 0)
    print(
      table(
        ['wrong shape', 'tensor', 'has', 'needs'],
        wrongShape
          .slice(0, LISTED)
          .map((each) => [each.slot, each.tensor, each.found.join('×'), each.wanted.join('×')]),
      ),
    );
  for (const note of report.notes) print(`note: ${inEnglish(note)}`);
}

function printNames(title: string, names: readonly string[]): void {
  if (names.length === 0) return;
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more (--json lists all)` : '';
  print(`${title}: ${names.slice(0, LISTED).join(', ')}${more}`);
}
