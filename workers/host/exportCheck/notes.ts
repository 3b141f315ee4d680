import { isEstimate } from '#core/contract/normStatistics.ts';
import { planFold } from '#core/batchnorm/foldPlan.ts';
import { batchNormFacts } from '#core/export/batchNormFacts.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { Agreement } from './compare.ts';
import type { Samples } from './samples.ts';

/** What the file holds of frozen statistics and how it was checked, a line each, for the terminal and the screen. */
export function describeExport(
  model: TrainedModel,
  foldBatchNorm: boolean,
  samples: Samples,
  agreement: Agreement,
): string[] {
  const facts = batchNormFacts(model.graph);
  const blocks = facts.map(
    ({ node, channels, epsilon, decay, estimator }) =>
      `${node}: ${channels} channels, epsilon ${epsilon}, decay ${decay}, ${estimator} variance`,
  );
  const folds = foldBatchNorm ? planFold(model.graph).map(({ reason }) => reason) : [];
  return [describeStatistics(model, facts.length), ...blocks, ...folds, describeCheck(samples, agreement)];
}

function describeStatistics({ provenance }: TrainedModel, blocks: number): string {
  if (blocks === 0) return 'No BatchNorm: nothing to freeze.';
  const origin = originOf(provenance);
  const whose = provenance.weights === 'ema' ? 'averaged weights, ' : '';
  return `Statistics of ${blocks} BatchNorm ${blocks === 1 ? 'block' : 'blocks'} frozen: ${whose}${origin}.`;
}

function originOf({ statistics, read, batchesSeen }: TrainedModel['provenance']): string {
  if (statistics === 'moving-average') return `moving averages of ${batchesSeen} batches`;
  const images = read?.over === undefined ? '' : ` of ${IMAGES[read.over]}`;
  if (read === undefined || read.ofBatches === undefined) return `exact over the batches that were measured`;
  return isEstimate(read)
    ? `estimated from ${read.batches} of ${read.ofBatches} batches${images}`
    : `exact over all ${read.batches} batches${images}`;
}

const IMAGES = {
  training: 'the training images',
  validation: 'the validation images',
  folder: 'the images of a folder',
} as const;

function describeCheck(
  { count, generated }: Samples,
  { maxAbsDiff, tolerance, rounding }: Agreement,
): string {
  const what = generated
    ? `${count} pictures of generated noise (no images were at hand)`
    : `${count} images`;
  const why =
    rounding === null
      ? ''
      : ` This network amplifies float32 rounding: against float64, rounding alone moves its logits by ${rounding.toExponential(1)}.`;
  return `Read back and compared on ${what}: logits differ by ${maxAbsDiff.toExponential(1)} at most, ${tolerance.toExponential(1)} allowed.${why}`;
}
