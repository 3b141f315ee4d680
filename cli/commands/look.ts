import { Command, Option } from 'commander';
import { inEnglish } from '#core/words/catalogues.ts';
import type { Message } from '#core/words/message.ts';
import { LOOK_METHODS, type LookMethod, type LookResult } from '#workers/pictures/lookResult.ts';
import { lookRun } from '#workers/pictures/lookRun.ts';
import { wholeNumber } from '../options/parsers.ts';
import { weightsAsked, withWeightsOption, type WeightsOptions } from '../options/updateOptions.ts';
import { endProgressLine, log, print, printJson, progressLine } from '../output/output.ts';
import { cancelOnSignal } from '../running/cancelOnSignal.ts';

interface LookOptions extends WeightsOptions {
  readonly method: LookMethod;
  readonly block?: string;
  readonly class?: string;
  readonly size?: number;
  readonly stride?: number;
  readonly exact?: true;
  readonly moving?: true;
  readonly out?: string;
  readonly values?: string;
  readonly force?: true;
  readonly json?: true;
}

const LARGEST_SQUARE = 4096;

/** `normlab look RUN FILE`: what a network looks at in a picture, as an image and as numbers. */
export function lookCommand(): Command {
  const pixels = wholeNumber(1, LARGEST_SQUARE);
  return withWeightsOption(new Command('look'))
    .description(
      'show what a trained run looks at in a picture: maps of a class, outputs of a block, kernels',
    )
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .argument('<file>', 'an image file')
    .addOption(new Option('--method <name>', 'what to show').choices(LOOK_METHODS).default('grad-cam'))
    .option('--block <id>', 'a block by its id (default: the last one with height and width)')
    .option('--class <name>', 'the class whose logit or probability counts (default: the decided one)')
    .option('--size <px>', 'of occlusion: side of the square (default: an eighth of the picture)', pixels)
    .option('--stride <px>', 'of occlusion: distance of two squares (default: half of the side)', pixels)
    .option(
      '--exact',
      'measure exact BatchNorm statistics over the training images first, unless the run has them',
    )
    .addOption(
      new Option('--moving', 'use the moving averages, also where the run has exact statistics').conflicts(
        'exact',
      ),
    )
    .option('--out <file>', 'write an image as PNG')
    .option('--values <file>', 'write the values as a .npy file of float32')
    .option('--force', 'overwrite these files')
    .option('--json', 'print one JSON object with the values')
    .action(async (run: string, file: string, options: LookOptions) => {
      const found = await looked(run, file, options);
      if (options.json) printJson({ ...found, values: Array.from(found.values) });
      else printLook(found, options);
    });
}

async function looked(run: string, file: string, options: LookOptions): Promise<LookResult> {
  const abort = new AbortController();
  const onProgress = (label: Message, done: number, total: number | null): void =>
    progressLine(`${inEnglish(label)}: ${done}${total === null ? '' : ` of ${total}`}`);
  const { method, block, class: className, size, stride, out, values } = options;
  const asked = {
    ...{ run, file, method, overwrite: options.force === true, signal: abort.signal, onProgress },
    ...{ ...(block === undefined ? {} : { block }), ...(className === undefined ? {} : { className }) },
    ...{ ...(size === undefined ? {} : { size }), ...(stride === undefined ? {} : { stride }) },
    ...{ ...(out === undefined ? {} : { out }), ...(values === undefined ? {} : { values }) },
    ...(options.exact ? { statistics: 'exact' as const } : {}),
    ...(options.moving ? { statistics: 'moving' as const } : {}),
    ...weightsAsked(options),
  };
  const work = { cancel: () => abort.abort(), done: lookRun(asked).finally(endProgressLine) };
  return cancelOnSignal(work);
}

function printLook(found: LookResult, { out, values }: LookOptions): void {
  const { method, block, decided, probability, shape } = found;
  const largest = found.values.reduce((high, value) => Math.max(high, value), -Infinity);
  const place = block === null ? `squares of ${found.size} pixels, every ${found.stride}` : `at ${block}`;
  print(`${method} ${place}: ${shape.join(' x ')} values, the largest ${largest.toPrecision(4)}`);
  print(`class ${found.class}, probability ${probability.toFixed(4)}; the network decides for ${decided}`);
  for (const written of [out, values]) if (written !== undefined) log(`wrote ${written}`);
}
