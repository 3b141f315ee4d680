import { batchNorm } from '../../../nodes/batchNorm.ts';
import type { BatchNormParams } from '../../../nodes/batchNormParams.ts';
import { channelsOf, inputAt } from '../../../nodes/shapeRules.ts';
import { message, type MessageValue } from '../../../words/message.ts';
import { caffeWriter, constantBlob, fieldBlob, type BlockContext, type LayerPlan } from '../caffeLayer.ts';

/** What Caffe's BatchNorm does not do in training. */
function noteTraining(params: BatchNormParams, called: MessageValue, note: BlockContext['note']): void {
  const block = called;
  const byBatch = params.normalizeBy === 'batch';
  const updates = params.updateStatistics;
  if (byBatch && params.ghostSize > 0)
    note(message('bundles.caffeGhostGroups', { block, size: params.ghostSize }));
  if (byBatch && params.renorm) note(message('bundles.caffeRenorm', { block }));
  if (byBatch !== updates) note(message('bundles.caffeUpdates', { block }));
  if (updates && params.averaging === 'cumulative') note(message('bundles.caffeCumulative', { block }));
  // Caffe updates what it normalizes by.
  if (byBatch) note(message('bundles.caffeOneBatch', { block }));
  if (updates && params.variance === 'biased') note(message('bundles.caffeBiased', { block }));
}

/** `use_global_stats` is true in the phase TEST and false in TRAIN by default; it is written where that is wrong. */
function trainingOf({ normalizeBy }: BatchNormParams): Pick<LayerPlan, 'training'> {
  if (normalizeBy === 'batch') return {};
  const comment = 'normalizes by the stored statistics in the phase TRAIN too, and keeps them';
  return { training: { settings: { batch_norm_param: { use_global_stats: true } }, comment } };
}

/**
 * BatchNorm normalizes, and the Scale behind it has gamma and beta. Blobs are sums: of the means, of the variances, and
 * of their weights, which is 1 here (batch_norm_layer.cpp).
 */
const batch = caffeWriter(batchNorm, (params, { block, add, note }) => {
  const channels = channelsOf(inputAt(block.inputShapes));
  noteTraining(params, block.called, note);
  const { epsilon, decay, averaging, rateFactor, trainGamma, trainBeta } = params;
  const fraction = averaging === 'decay' ? { moving_average_fraction: decay } : {};
  const dims = [channels];
  const normalized = add({
    type: 'BatchNorm',
    settings: { batch_norm_param: { ...fraction, eps: epsilon } },
    ...trainingOf(params),
    blobs: [
      fieldBlob('mean', dims, [0, 0]),
      fieldBlob('variance', dims, [0, 0]),
      constantBlob([1], Float32Array.of(1)),
    ],
  });
  return add({
    ...{ suffix: 'scale', type: 'Scale', bottoms: [normalized] },
    settings: { scale_param: { bias_term: true } },
    blobs: [
      fieldBlob('gamma', dims, [trainGamma ? rateFactor : 0, 0]),
      fieldBlob('beta', dims, [trainBeta ? rateFactor : 0, 0]),
    ],
  });
});

export const CAFFE_NORMS = [batch] as const;
