import { Command } from 'commander';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { benchProgram, type BenchResult } from '#workers/compute/benchProgram.ts';
import { loadNetwork, withNetworkOptions } from '../networks/network.ts';
import { print, printJson } from '../output/output.ts';
import { oneOf, parseSizeWithChannels, wholeNumber } from '../options/parsers.ts';

interface BenchOptions {
  template?: string;
  batch?: number;
  size?: { height: number; width: number; channels: number };
  precision?: TrainingSettings['precision'];
  threads?: number;
  steps?: number;
  inference?: true;
  json?: true;
}

/** `normlab bench`: the time of a training step on synthetic images, compared with this machine's limits. */
export function benchCommand(): Command {
  return withNetworkOptions(new Command('bench'))
    .description('time training steps on synthetic data')
    .option(
      '--batch <n>',
      'images in a batch; 128 for a built-in network (bn-mlp 60)',
      wholeNumber(1, 65_536),
    )
    .option('--size <HxWxC>', 'input size, for example 32x32x3', parseSizeWithChannels)
    .option('--precision <p>', 'auto, f32 or bf16', oneOf(['auto', 'f32', 'bf16'] as const))
    .option('--threads <n>', 'compute threads', wholeNumber(1, 256))
    .option('--steps <n>', 'measured steps', wholeNumber(1, 100_000))
    .option('--inference', 'time the forward pass with frozen statistics')
    .option('--json', 'print one JSON object')
    .action(async (project: string | undefined, options: BenchOptions) => {
      const result = await bench(project, options);
      if (options.json) printJson(result);
      else printResult(result);
    });
}

async function bench(project: string | undefined, options: BenchOptions): Promise<BenchResult> {
  const { size, steps, batch, precision, threads } = options;
  const fit = size === undefined ? {} : { inputShape: [size.channels, size.height, size.width] as const };
  const document = await loadNetwork({ project, template: options.template }, fit);
  const reference =
    options.template === undefined ? document.training.batchSize : referenceBatch(options.template);
  const training: TrainingSettings = {
    ...document.training,
    batchSize: batch ?? reference,
    ...(precision === undefined ? {} : { precision }),
    ...(threads === undefined ? {} : { threads }),
  };
  return benchProgram({
    document: { ...document, training },
    isInference: options.inference === true,
    ...(steps === undefined ? {} : { steps }),
  });
}

/** The batch size for comparing a built-in network with other engines, whatever size trains it best. */
function referenceBatch(template: string): number {
  return template === 'bn-mlp' ? 60 : 128;
}

function printResult(result: BenchResult): void {
  print(
    `${result.msPerStep.toFixed(2)} ms per step of ${result.batch} images (median of ${result.steps}), ${Math.round(result.imagesPerSecond)} images/s`,
  );
  print(`${result.precision}, ${result.threads} threads, ${result.backend}`);
  print(
    `${result.gflopPerStep.toFixed(2)} GFLOP per step, efficiency ${result.efficiency.toFixed(2)}, peak memory ${Math.round(result.peakRssMb)} MB`,
  );
}
