import { resolve } from 'node:path';
import { Command } from 'commander';
import { resolveParts } from '#workers/data/parts/resolveParts.ts';
import type { ErrorAfter } from '#workers/trainer/recalibrateModel.ts';
import { recalibrateRun } from '#workers/trainer/recalibrateRun.ts';
import { endProgressLine, print, printJson, progressLine } from '../output.ts';
import { wholeNumber } from '../parsers.ts';
import { weightsAsked, withWeightsOption, type WeightsOptions } from '../updateOptions.ts';

interface RecalibrateOptions extends WeightsOptions {
  data: string;
  batches?: number;
  json?: true;
}

const DECIMALS = 4;

/** How the standard errors fall with the batches: means in standard deviations, variances in themselves. */
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
    .description('replace the moving averages of BatchNorm by exact statistics over a folder')
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .requiredOption('--data <dir>', 'the training folder')
    .option('--batches <n>', 'average over this many batches only', wholeNumber(1, 1_000_000))
    .option('--json', 'print one JSON object')
    .action(async (run: string, options: RecalibrateOptions) => {
      const { data, batches } = options;
      const onProgress = (label: string, done: number): void => progressLine(`${label}: ${done}`);
      const result = await recalibrateRun({
        run,
        data: resolveParts(resolve(data)).train,
        onProgress,
        ...(batches === undefined ? {} : { batches }),
        ...weightsAsked(options),
      }).finally(endProgressLine);
      if (options.json) printJson(result);
      else {
        const kept = result.frozen === 0 ? '' : `, ${result.frozen} frozen ones keep theirs`;
        print(
          `${result.layers} BatchNorm blocks over ${result.batches} batches of ${result.images} images${kept}`,
        );
        printErrors(result.errors);
        print(
          `accuracy ${result.before.accuracy.toFixed(4)} with the old statistics, ${result.after.accuracy.toFixed(4)} with the exact ones`,
        );
      }
    });
}
