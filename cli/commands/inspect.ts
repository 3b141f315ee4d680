import { resolve } from 'node:path';
import { Command } from 'commander';
import type { DataSummary } from '#core/contract/dataSummary.ts';
import { visibleText } from '#core/diagnostics/visibleText.ts';
import { lookOf } from '#core/document/lookalikes.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message, type Message } from '#core/words/message.ts';
import { findShared } from '#workers/data/scan/duplicates.ts';
import { lookAtPixels } from '#workers/data/scan/lookAtPixels.ts';
import { partsNote, resolveParts, type DataParts } from '#workers/data/parts/resolveParts.ts';
import { scanFolder, type FolderScan } from '#workers/data/scan/scanFolder.ts';
import { sharedImagesWarning } from '#workers/data/scan/scanWarnings.ts';
import { summarize } from '#workers/data/scan/summary.ts';
import { tableWords } from '../output/dataWords.ts';
import { columnsOf, subfoldersOf, withFolderOptions, type FolderOptions } from '../options/folderOptions.ts';
import { voteWords } from '../output/inputWords.ts';
import { endProgressLine, print, printJson, progressLine, table } from '../output/output.ts';

/** Beside the training images, the parts of a data set in folders train, val and test. */
interface Inspection extends DataSummary {
  /** How the folder was split into parts. */
  readonly notes?: readonly Message[];
  readonly parts?: readonly {
    readonly part: 'validation' | 'test';
    readonly folder: string;
    readonly images: number;
    readonly skipped: DataSummary['skipped'];
    readonly warnings: readonly Message[];
  }[];
}

interface InspectOptions extends FolderOptions {
  readonly json?: true;
}

/** `normlab inspect DIR`: which images of a folder a training run would use. */
export function inspectCommand(): Command {
  return withFolderOptions(new Command('inspect'))
    .description('show what a training run would use of an image folder: classes, skipped files, warnings')
    .argument('<dir>', 'a folder with one folder of images for each class, or with train beside val or test')
    .option('--json', 'print one JSON object')
    .action(async (dir: string, options: InspectOptions) => {
      const parts = resolveParts(resolve(dir), subfoldersOf(options));
      const inspection = await inspect(parts, options).finally(endProgressLine);
      if (options.json) printJson(inspection);
      else printInspection(inspection);
    });
}

async function inspect(parts: DataParts, options: InspectOptions): Promise<Inspection> {
  const { train, validation, test, found } = parts;
  const { labels } = options;
  const columns = columnsOf(options);
  const reading = {
    onProgress: (done: number): void => progressLine(`scanned ${done} files`),
    subfolders: subfoldersOf(options),
    ...(columns === null ? {} : { columns }),
  };
  const scan = await scanFolder(train, { ...reading, labels: labels === undefined ? null : resolve(labels) });
  const { warnings } = await lookAtPixels(scan);
  if (found === null) return summarize(scan, warnings);
  const others = [];
  for (const [part, folder] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    if (folder !== null) others.push(await inspectPart(part, scan, await scanFolder(folder, reading)));
  }
  return { ...summarize(scan, warnings), notes: [partsNote(found)], parts: others };
}

async function inspectPart(part: 'validation' | 'test', train: FolderScan, scan: FolderScan) {
  const shared = sharedImagesWarning(await findShared(train, scan));
  const known = new Set(train.classes.map(({ name }) => lookOf(name)));
  const strange = scan.classes.filter(({ name }) => !known.has(lookOf(name))).map(({ name }) => name);
  const warnings = [
    ...(strange.length === 0 ? [] : [message('folders.strangeClasses', { names: strange })]),
    ...(shared === null ? [] : [shared]),
    ...scan.warnings,
  ];
  return { part, folder: scan.root, images: scan.images.length, skipped: summarize(scan).skipped, warnings };
}

function printInspection(inspection: Inspection): void {
  print(
    table(
      ['class', 'images'],
      inspection.classes.map((entry) => [entry.name, entry.count]),
    ),
  );
  print(`\n${inspection.images} images in ${inspection.classes.length} classes`);
  if (inspection.table) print(tableWords(inspection.table));
  if (inspection.input !== undefined) print(voteWords(inspection.input));
  for (const note of inspection.notes ?? []) print(`note: ${inEnglish(note)}`);
  printFindings(inspection);
  for (const part of inspection.parts ?? []) {
    print(`\n${part.part}: ${part.images} images in ${visibleText(part.folder)}`);
    printFindings(part);
  }
}

function printFindings({
  skipped,
  warnings,
}: Pick<Inspection, 'skipped'> & { warnings: readonly Message[] }): void {
  if (skipped.length > 0) {
    print(`\n${skipped.length} files skipped:`);
    for (const { file, reason } of skipped)
      print(visibleText(`  ${JSON.stringify(file)}: ${inEnglish(reason)}`));
  }
  for (const warning of warnings) print(visibleText(`warning: ${inEnglish(warning)}`));
}
