import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { resolveParts } from '#workers/data/parts/resolveParts.ts';
import { evaluateRun, type Evaluation } from '#workers/inference/evaluateRun.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import type { Message } from '#core/words/message.ts';
import { columnsOf, subfoldersOf, withFolderOptions, type FolderOptions } from '../options/folderOptions.ts';
import {
  weightsAsked,
  weightsSentence,
  withWeightsOption,
  type WeightsOptions,
} from '../options/updateOptions.ts';
import { endProgressLine, log, print, printJson, progressLine, table } from '../output/output.ts';

/** `normlab eval RUN --data DIR`: loss, accuracy and confusion on a labelled folder, with frozen statistics. */
export function evalCommand(): Command {
  return withFolderOptions(withWeightsOption(new Command('eval')))
    .description('measure a trained run on a labelled folder: loss, accuracy, per class, confusion')
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .requiredOption('--data <dir>', 'a folder with one folder of images for each class')
    .addOption(
      new Option('--part <side>', 'only images of this part of the run’s split').choices([
        'train',
        'validation',
      ]),
    )
    .option('--json', 'print one JSON object')
    .action(async (run: string, options: EvalOptions) => {
      const columns = columnsOf(options);
      const onProgress = (label: Message, done: number): void => progressLine(`${inEnglish(label)}: ${done}`);
      const found = await evaluateRun({
        run,
        data: measuredFolder(options),
        labels: options.labels ?? null,
        ...(columns === null ? {} : { columns }),
        ...(options.parts ? {} : { subfolders: 'classes' }),
        part: options.part ?? null,
        onProgress,
        ...weightsAsked(options),
      }).finally(endProgressLine);
      if (options.json) printJson(found);
      else printEvaluation(found);
    });
}

interface EvalOptions extends FolderOptions, WeightsOptions {
  readonly data: string;
  readonly part?: 'train' | 'validation';
  readonly json?: true;
}

/**
 * For a data set in parts the test part is evaluated, or else its validation part; a side of the run's split belongs to
 * `train`.
 */
function measuredFolder({ data, part, ...options }: EvalOptions): string {
  const folder = resolve(data);
  const parts = resolveParts(folder, subfoldersOf(options));
  if (parts.train === folder) return folder;
  const chosen = part === undefined ? (parts.test ?? parts.validation ?? parts.train) : parts.train;
  log(`measuring on ${chosen}`);
  return chosen;
}

function printEvaluation(found: Evaluation): void {
  print(
    `loss ${found.loss?.toFixed(4) ?? 'not finite'}, accuracy ${found.accuracy.toFixed(4)} on ${found.images} images, ${weightsSentence(found.checkpoint, found.epoch)}\n`,
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
  for (const { file, reason } of found.skipped) log(`skipped ${JSON.stringify(file)}: ${inEnglish(reason)}`);
}
