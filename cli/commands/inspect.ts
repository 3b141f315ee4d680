import { resolve } from 'node:path';
import { Command } from 'commander';
import type { DataSummary } from '#core/contract/dataSummary.ts';
import { visibleText } from '#core/diagnostics/visibleText.ts';
import { findShared } from '#workers/data/duplicates.ts';
import { resolveParts, type DataParts } from '#workers/data/resolveParts.ts';
import { scanFolder, type FolderScan } from '#workers/data/scanFolder.ts';
import { sharedImagesWarning } from '#workers/data/scanWarnings.ts';
import { summarize } from '#workers/data/summary.ts';
import { endProgressLine, print, printJson, progressLine, table } from '../output.ts';

/** Beside the training images, the parts of a set that lies in folders train, val and test. */
interface Inspection extends DataSummary {
  readonly parts?: readonly {
    readonly part: 'validation' | 'test';
    readonly folder: string;
    readonly images: number;
    readonly skipped: DataSummary['skipped'];
    readonly warnings: readonly string[];
  }[];
}

/** `normlab inspect DIR`: what a training run would use of a folder. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('show what a training run would use of an image folder: classes, skipped files, warnings')
    .argument('<dir>', 'a folder with one folder of images for each class, or with train beside val or test')
    .option('--labels <file>', 'CSV table of the images (file,label) where no subfolders tell the classes')
    .option('--json', 'print one JSON object')
    .action(async (dir: string, options: { labels?: string; json?: true }) => {
      const inspection = await inspect(resolveParts(resolve(dir)), options.labels).finally(endProgressLine);
      if (options.json) printJson(inspection);
      else printInspection(inspection);
    });
}

async function inspect({ train, validation, test }: DataParts, labels?: string): Promise<Inspection> {
  const onProgress = (done: number): void => progressLine(`scanned ${done} files`);
  const scan = await scanFolder(train, { onProgress, labels: labels === undefined ? null : resolve(labels) });
  if (validation === null && test === null) return summarize(scan);
  const parts = [];
  for (const [part, folder] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    if (folder !== null) parts.push(await inspectPart(part, scan, await scanFolder(folder, { onProgress })));
  }
  return { ...summarize(scan), parts };
}

async function inspectPart(part: 'validation' | 'test', train: FolderScan, scan: FolderScan) {
  const shared = sharedImagesWarning(await findShared(train, scan));
  const known = new Set(train.classes.map(({ name }) => name));
  const strange = scan.classes.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const warnings = [
    ...(strange.length === 0 ? [] : [`Classes that the training images do not have: ${strange.join(', ')}.`]),
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
  printFindings(inspection);
  for (const part of inspection.parts ?? []) {
    print(`\n${part.part}: ${part.images} images in ${visibleText(part.folder)}`);
    printFindings(part);
  }
}

function printFindings({
  skipped,
  warnings,
}: Pick<Inspection, 'skipped'> & { warnings: readonly string[] }): void {
  if (skipped.length > 0) {
    print(`\n${skipped.length} files skipped:`);
    for (const { file, reason } of skipped) print(visibleText(`  ${JSON.stringify(file)}: ${reason}`));
  }
  for (const warning of warnings) print(visibleText(`warning: ${warning}`));
}
