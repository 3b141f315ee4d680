import { Command } from 'commander';
import { evaluateRun, type Evaluation } from '#workers/trainer/evaluateRun.ts';
import { endProgressLine, log, print, printJson, progressLine, table } from '../output.ts';

/** `normlab eval RUN --data DIR`: loss, accuracy and confusion on a labelled folder, with frozen statistics. */
export function evalCommand(): Command {
  return new Command('eval')
    .description('measure a trained run on a labelled folder: loss, accuracy, per class, confusion')
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .requiredOption('--data <dir>', 'a folder with one folder of images for each class')
    .option('--json', 'print one JSON object')
    .action(async (run: string, options: { data: string; json?: true }) => {
      const onProgress = (label: string, done: number): void => progressLine(`${label}: ${done}`);
      const found = await evaluateRun({ run, data: options.data, onProgress }).finally(endProgressLine);
      if (options.json) printJson(found);
      else printEvaluation(found);
    });
}

function printEvaluation(found: Evaluation): void {
  print(
    `loss ${found.loss?.toFixed(4) ?? 'not finite'}, accuracy ${found.accuracy.toFixed(4)} on ${found.images} images\n`,
  );
  print(
    table(
      ['class', 'images', 'correct', 'accuracy'],
      found.perClass.map((row) => [
        row.class,
        row.count,
        row.correct,
        row.accuracy === null ? '-' : row.accuracy.toFixed(4),
      ]),
    ),
  );
  for (const { file, reason } of found.skipped) log(`skipped ${JSON.stringify(file)}: ${reason}`);
}
