import { Command } from 'commander';
import { scanFolder } from '#workers/data/scanFolder.ts';
import { summarize } from '#workers/data/summary.ts';
import { endProgressLine, print, printJson, progressLine, table } from '../output.ts';
import type { DataSummary } from '#core/contract/dataSummary.ts';

/** `normlab inspect DIR`: what a training run would use of a folder. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('show what a training run would use of an image folder: classes, skipped files, warnings')
    .argument('<dir>', 'a folder with one folder of images for each class')
    .option('--json', 'print one JSON object')
    .action(async (dir: string, options: { json?: true }) => {
      const onProgress = (done: number): void => progressLine(`scanned ${done} files`);
      const summary = summarize(await scanFolder(dir, { onProgress }).finally(endProgressLine));
      if (options.json) printJson(summary);
      else printSummary(summary);
    });
}

function printSummary(summary: DataSummary): void {
  print(
    table(
      ['class', 'images'],
      summary.classes.map((entry) => [entry.name, entry.count]),
    ),
  );
  print(`\n${summary.images} images in ${summary.classes.length} classes`);
  if (summary.skipped.length > 0) {
    print(`\n${summary.skipped.length} files skipped:`);
    for (const { file, reason } of summary.skipped) print(`  ${JSON.stringify(file)}: ${reason}`);
  }
  for (const warning of summary.warnings) print(`warning: ${warning}`);
}
