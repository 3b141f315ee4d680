import { Command } from 'commander';
import { compareModels, type ComparePace, type ModelComparison } from '#core/compare/compareModels.ts';
import { isEqual, largestDifference, pairingNotes, verdictOf } from '#core/compare/verdict.ts';
import { visibleText } from '#core/diagnostics/visibleText.ts';
import { CHECKPOINT_CHOICES, type CheckpointChoice } from '#core/training/bestEpoch.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { openForCompare, type OpenedModel } from '#workers/import/openForCompare.ts';
import { createPace } from '#workers/threads/pace.ts';
import { modelPath } from '../networks/importedNetwork.ts';
import { oneOf } from '../options/parsers.ts';
import { comparisonTables } from '../output/comparisonWords.ts';
import { endProgressLine, print, printJson, progressLine } from '../output/output.ts';

interface DiffOptions {
  checkpointA?: CheckpointChoice;
  checkpointB?: CheckpointChoice;
  all?: true;
  json?: true;
}

const WHICH = 'last or best: its last checkpoint (default), or its best epoch';

/** `normlab diff A B`: what differs between two models, BatchNorm first. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('compare two models: BatchNorm settings and statistics, every tensor, the blocks')
    .argument(
      '<a>',
      'a run, a project with or without starting weights, a model file, or a name of `normlab models list`',
    )
    .argument('<b>', 'the other one')
    .option('--checkpoint-a <which>', `of A, if it is a run: ${WHICH}`, oneOf(CHECKPOINT_CHOICES))
    .option('--checkpoint-b <which>', 'the same of B', oneOf(CHECKPOINT_CHOICES))
    .option('--all', 'list what is equal too')
    .option('--json', 'print one JSON object')
    .action(async (givenA: string, givenB: string, options: DiffOptions) => {
      const home = openLabHome();
      const open = (given: string, checkpoint: CheckpointChoice | undefined): Promise<OpenedModel> =>
        openForCompare({ kind: 'path', path: modelPath(given, checkpoint) }, { weightsFolder: home.weights });
      const a = await open(givenA, options.checkpointA);
      const b = await open(givenB, options.checkpointB);
      const comparison = await compareModels(a.model, b.model, showProgress()).finally(endProgressLine);
      if (options.json) printJson(jsonOf(a, b, comparison));
      else printComparison(a, b, comparison, options.all === true);
    });
}

/** Shows how much is compared, at most once in a slice of work, and lets signals through. */
function showProgress(): ComparePace {
  const label = inEnglish(message('comparing.tensors'));
  const pace = createPace(undefined, (done, total) =>
    progressLine(`${label}: ${Math.round((100 * done) / (total ?? done))} %`),
  );
  return (done, total) => pace.tick(done, total);
}

function jsonOf(a: OpenedModel, b: OpenedModel, comparison: ModelComparison): object {
  return {
    ...{ a: sideOf(a), b: sideOf(b), equal: isEqual(comparison), verdict: verdictOf(comparison) },
    largest: largestDifference(comparison),
    ...comparison,
  };
}

function sideOf({ name, format, architecture, notes }: OpenedModel): object {
  return { name, format, architecture, notes };
}

function printComparison(a: OpenedModel, b: OpenedModel, comparison: ModelComparison, isAll: boolean): void {
  print(`A: ${sourceWords(a)}\nB: ${sourceWords(b)}`);
  const notes = [...a.notes, ...b.notes, ...pairingNotes(comparison)];
  for (const note of notes) print(visibleText(`note: ${inEnglish(note)}`));
  for (const text of comparisonTables(comparison, isAll)) print(`\n${text}`);
  print(`\n${visibleText(inEnglish(verdictOf(comparison)))}`);
}

function sourceWords({ name, format, architecture }: OpenedModel): string {
  return visibleText(`${name} (${architecture ?? format})`);
}
