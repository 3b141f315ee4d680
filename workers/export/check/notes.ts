import { isEstimate } from '#core/contract/normStatistics.ts';
import { planFold } from '#core/export/foldPlan.ts';
import { batchNormFacts, statisticsOrigin, type BatchNormFacts } from '#core/export/batchNormFacts.ts';
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
    (each) =>
      `${each.node}: ${each.channels} channels, epsilon ${each.epsilon}, decay ${each.decay}, ${each.estimator} variance${isInitial(model, each) ? '; its statistics were never updated: mean 0 and variance 1, as they began' : ''}`,
  );
  const folds = foldBatchNorm ? planFold(model.graph).map(({ reason }) => reason) : [];
  return [
    describeStatistics(model, facts),
    ...blocks,
    ...folds,
    ...describeWeights(model),
    describeCheck(samples, agreement),
  ];
}

/** Nothing for those of the last checkpoint, as everybody expects. */
function describeWeights({ provenance: { checkpoint, epochs } }: TrainedModel): string[] {
  return checkpoint === 'best' ? [`Weights of the best epoch, ${epochs}.`] : [];
}

function isInitial(model: TrainedModel, facts: BatchNormFacts): boolean {
  return statisticsOrigin(model, facts).origin === 'never updated';
}

function describeStatistics(model: TrainedModel, facts: readonly BatchNormFacts[]): string {
  const { provenance } = model;
  const blocks = facts.length;
  if (blocks === 0) return 'No BatchNorm: nothing to freeze.';
  const initial = facts.filter((each) => isInitial(model, each)).length;
  if (initial === blocks)
    return `Statistics of ${blocks} BatchNorm ${blocks === 1 ? 'block' : 'blocks'} frozen as they began: no training step has updated them.`;
  const origin = originOf(provenance);
  const whose = provenance.weights === 'ema' ? 'averaged weights, ' : '';
  return `Statistics of ${blocks} BatchNorm ${blocks === 1 ? 'block' : 'blocks'} frozen: ${whose}${origin}${initial === 0 ? '' : `, ${initial} of them never updated`}.`;
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
