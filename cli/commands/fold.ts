import { Command } from 'commander';
import type { FoldMeasurement, NormPreview } from '#core/contract/normPreview.ts';
import { startMeasureFold } from '#workers/export/measureFoldClient.ts';
import { readNormPreview } from '#workers/export/readNormPreview.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { cancelOnSignal } from '../running/cancelOnSignal.ts';
import { printFindings } from '../output/findingWords.ts';
import { endProgressLine, print, printJson, progressLine, table } from '../output/output.ts';
import { weightsAsked, withWeightsOption, type WeightsOptions } from '../options/updateOptions.ts';

interface FoldOptions extends WeightsOptions {
  /** False with `--no-measure`. */
  measure: boolean;
  json?: true;
}

/** `normlab fold RUN`: what `export --fold-bn` would do with each BatchNorm, and how far the logits move by it. */
export function foldCommand(): Command {
  return withWeightsOption(new Command('fold'))
    .description(
      'preview the folding of BatchNorm: each block with its layer or the reason, and the measured error',
    )
    .argument('<run>', 'the folder that `normlab train --out` wrote; it is only read')
    .option('--no-measure', 'list the blocks alone, without computing images')
    .option('--json', 'print one JSON object')
    .action(async (run: string, options: FoldOptions) => {
      const asked = { run, ...weightsAsked(options) };
      const preview = await readNormPreview(asked);
      const isRefused = preview.findings.some(({ severity }) => severity === 'error');
      const measured = options.measure && !isRefused ? await measure(asked) : null;
      if (options.json) return printJson(describe(preview, measured));
      printBlocks(preview, measured);
      if (measured !== null) printWhole(measured);
      printFindings(preview.findings);
    });
}

function measure(asked: Parameters<typeof startMeasureFold>[0]): Promise<FoldMeasurement> {
  const handle = startMeasureFold(asked, ({ label, done, total }) =>
    progressLine(total === null ? inEnglish(label) : `${inEnglish(label)}: ${done} of ${total}`),
  );
  return cancelOnSignal(handle).finally(endProgressLine);
}

/** Measured figures are null where nothing was measured, and for blocks that stay. */
function describe({ blocks, findings }: NormPreview, measured: FoldMeasurement | null): object {
  return {
    blocks: blocks.map((block) => ({ ...block, difference: differenceOf(block.node, measured) })),
    whole: measured?.whole ?? null,
    images: measured?.images ?? 0,
    blockImages: measured?.blockImages ?? 0,
    noise: measured?.generated ?? false,
    lint: findings,
  };
}

function differenceOf(node: string, measured: FoldMeasurement | null) {
  const found = measured?.blocks.find((each) => each.node === node);
  if (found === undefined) return null;
  const { maxAbsDiff, relativeDiff, top1Agreement, tolerance } = found;
  return { maxAbsDiff, relativeDiff, top1Agreement, tolerance };
}

function printBlocks({ blocks }: NormPreview, measured: FoldMeasurement | null): void {
  if (blocks.length === 0) return print('No BatchNorm: nothing to fold.');
  const rows = blocks.map(({ node, channels, into, isForward, factor, channel }) => {
    const difference = differenceOf(node, measured);
    return [
      node,
      channels,
      into === null ? 'stays' : `${into} (${isForward ? 'after' : 'before'})`,
      factor === null ? '-' : `${factor.toPrecision(3)} (channel ${channel})`,
      ...(measured === null ? [] : [difference === null ? '-' : difference.maxAbsDiff.toExponential(1)]),
      ...(measured === null ? [] : [difference === null ? '-' : difference.relativeDiff.toExponential(1)]),
    ];
  });
  const figures = measured === null ? [] : ['difference', 'relative'];
  print(table(['block', 'channels', 'folded into', 'amplification', ...figures], rows));
  for (const { into, reason } of blocks) if (into === null) print(`  ${inEnglish(reason)}`);
}

function printWhole({ whole, images, generated, blocks, blockImages }: FoldMeasurement): void {
  if (whole === null) return print('No block can be folded.');
  const on = generated ? `${images} images of generated noise` : `${images} images`;
  const share = `${(100 * whole.top1Agreement).toFixed(1)} %`;
  print(
    `all ${blocks.length} folded, on ${on}: largest difference ${whole.maxAbsDiff.toExponential(2)}, ${whole.relativeDiff.toExponential(1)} of the largest logit (an export accepts ${whole.tolerance.toExponential(1)}); same class for ${share}`,
  );
  print(`differences of single blocks are measured on ${blockImages} images, with that block folded alone`);
}
