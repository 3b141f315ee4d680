import { isEstimate } from '#core/batchnorm/statisticsPass.ts';
import { planFold } from '#core/export/foldPlan.ts';
import { batchNormFacts, statisticsOrigin, type BatchNormFacts } from '#core/export/batchNormFacts.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { message, sentences, type Message } from '#core/words/message.ts';
import type { Agreement } from './compare.ts';
import { NOISE_SIZES } from './ownSizes.ts';
import type { Samples } from './samples.ts';

/** Notes on the frozen statistics in the file and on its verification, one per line. */
export function describeExport(
  model: TrainedModel,
  foldBatchNorm: boolean,
  samples: Samples,
  agreement: Agreement,
): Message[] {
  const facts = batchNormFacts(model.graph);
  const blocks = facts.map((each) => describeBlock(each, isInitial(model, each)));
  const folds = foldBatchNorm ? planFold(model.graph).map(({ reason }) => reason) : [];
  return [
    describeStatistics(model, facts),
    ...blocks,
    ...folds,
    describeWeights(model),
    ...(samples.images === undefined
      ? []
      : [message('exporting.preparesImages', { noise: NOISE_SIZES.length })]),
    describeCheck(samples, agreement),
  ];
}

function describeBlock(
  { node, channels, epsilon, decay, estimator }: BatchNormFacts,
  initial: boolean,
): Message {
  return message(initial ? 'exporting.initialBlock' : 'exporting.block', {
    ...{ block: node, channels, epsilon, decay },
    estimator: message(`exporting.${estimator}`),
  });
}

function describeWeights({ provenance: { checkpoint, epochs, step } }: TrainedModel): Message {
  return checkpoint === 'best'
    ? message('exporting.bestWeights', { epoch: epochs, step })
    : message('exporting.lastWeights', { count: epochs, step });
}

function isInitial(model: TrainedModel, facts: BatchNormFacts): boolean {
  return statisticsOrigin(model, facts).origin === 'never updated';
}

function describeStatistics(model: TrainedModel, facts: readonly BatchNormFacts[]): Message {
  const { provenance } = model;
  const count = facts.length;
  if (count === 0) return message('exporting.noBatchNorm');
  const initial = facts.filter((each) => isInitial(model, each)).length;
  if (facts.every((each) => statisticsOrigin(model, each).origin === 'imported'))
    return message('exporting.frozenImported', { count, source: provenance.start?.source ?? '' });
  if (initial === count) return message('exporting.frozenInitial', { count });
  const found = originOf(provenance);
  const origin = provenance.weights === 'ema' ? message('exporting.ofAverages', { origin: found }) : found;
  return initial === 0
    ? message('exporting.frozen', { count, origin })
    : message('exporting.frozenSomeInitial', { count, origin, initial });
}

function originOf({ statistics, read, batchesSeen }: TrainedModel['provenance']): Message {
  if (statistics === 'moving-average') return message('exporting.moving', { batches: batchesSeen });
  if (read === undefined || read.ofBatches === undefined) return message('exporting.exactMeasured');
  const { batches, ofBatches, over } = read;
  if (over === undefined)
    return isEstimate(read)
      ? message('exporting.estimated', { batches, of: ofBatches })
      : message('exporting.exact', { batches });
  const images = message(`exporting.${over}Images`);
  return isEstimate(read)
    ? message('exporting.estimatedOver', { batches, of: ofBatches, images })
    : message('exporting.exactOver', { batches, images });
}

function describeCheck(
  { count, generated }: Samples,
  { maxAbsDiff, tolerance, rounding }: Agreement,
): Message {
  const checked = message('exporting.checked', {
    what: generated
      ? message('exporting.onNoise', { images: count })
      : message('exporting.onImages', { images: count }),
    difference: maxAbsDiff.toExponential(1),
    tolerance: tolerance.toExponential(1),
  });
  if (rounding === null) return checked;
  return sentences(checked, message('exporting.amplifies', { rounding: rounding.toExponential(1) }));
}
