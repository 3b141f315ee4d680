import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { isEstimate } from '#core/batchnorm/statisticsPass.ts';
import { resolveParts } from '#workers/data/parts/resolveParts.ts';
import type { ErrorAfter } from '#workers/inference/recalibrateModel.ts';
import {
  recalibrateRun,
  type RecalibratedPart,
  type Recalibration,
} from '#workers/inference/recalibrateRun.ts';
import { openRun } from '#workers/runs/folder/runFolder.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import type { Message } from '#core/words/message.ts';
import { endProgressLine, print, printJson, progressLine } from '../output/output.ts';
import { wholeNumber } from '../options/parsers.ts';
import { weightsAsked, withWeightsOption, type WeightsOptions } from '../options/updateOptions.ts';

interface RecalibrateOptions extends WeightsOptions {
  data: string;
  part: RecalibratedPart;
  batches?: number;
  json?: true;
}

const DECIMALS = 4;

/**
 * How the standard errors decrease with the number of batches: of means in standard deviations, of variances relative.
 */
function printErrors(errors: readonly ErrorAfter[]): void {
  if (errors.length === 0) return;
  print('standard error after   mean (typical, worst)   variance (typical, worst)');
  for (const { batches, typical, worst } of errors) {
    const [mean, variance] = (['mean', 'variance'] as const).map((which) =>
      [typical, worst].map((error) => error[which].toFixed(DECIMALS)).join('  '),
    );
    print(`${String(batches).padStart(8)} batches   ${mean} σ        ${variance} of itself`);
  }
}

/** `normlab recalibrate RUN --data DIR`: exact BatchNorm statistics in place of the moving averages. */
export function recalibrateCommand(): Command {
  return withWeightsOption(new Command('recalibrate'))
    .description(
      'replace the moving averages of BatchNorm by exact statistics over the run’s training images',
    )
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .requiredOption('--data <dir>', 'the folder that the run was trained on')
    .addOption(
      new Option('--part <part>', 'which images of the folder are measured on, by the run’s own split')
        .choices(PARTS)
        .default('training'),
    )
    .option('--batches <n>', 'estimate from this many batches only', wholeNumber(1, 1_000_000))
    .option('--json', 'print one JSON object')
    .action(async (run: string, options: RecalibrateOptions) => {
      const { part, batches } = options;
      const onProgress = (label: Message, done: number): void => progressLine(`${inEnglish(label)}: ${done}`);
      const result = await recalibrateRun({
        ...{ run, part, onProgress },
        data: await folderOf(run, options),
        ...(batches === undefined ? {} : { batches }),
        ...weightsAsked(options),
      }).finally(endProgressLine);
      if (options.json) printJson(result);
      else printResult(result, options.data);
    });
}

const PARTS: readonly RecalibratedPart[] = ['training', 'validation', 'all'];

/** For a data set in parts, the folder that holds the images of the part. */
async function folderOf(run: string, { data, part }: RecalibrateOptions): Promise<string> {
  const parts = resolveParts(resolve(data));
  if (part !== 'validation') return parts.train;
  const { manifest } = await openRun(run);
  if (manifest.data.validationFolder === null) return parts.train;
  return parts.validation ?? parts.test ?? parts.train;
}

function printResult(result: Recalibration, data: string): void {
  const { layers, batches, ofBatches, images, part, folderImages, frozen } = result;
  const kept = frozen === 0 ? '' : `, ${frozen} frozen ones keep theirs`;
  const count = `${folderImages} images in ${JSON.stringify(data)}`;
  const how = isEstimate(result)
    ? `estimated from ${batches} of ${ofBatches} batches`
    : `exact over all ${batches} batches`;
  print(`${layers} BatchNorm blocks ${how}, ${images} images${kept}`);
  print(part === 'all' ? `measured on all ${count}` : `measured on the run’s ${part} part of the ${count}`);
  printErrors(result.errors);
  const [before, after] = [result.before, result.after].map(({ accuracy }) => accuracy.toFixed(4));
  print(`accuracy ${before} with the old statistics, ${after} with the new ones`);
}
