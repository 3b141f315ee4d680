import type { ShapedNode } from '../../../graph/shapedGraph.ts';
import { batchNorm } from '../../../nodes/batchNorm.ts';
import type { BatchNormParams } from '../../../nodes/batchNormParams.ts';
import { groupNorm } from '../../../nodes/groupNorm.ts';
import { instanceNorm } from '../../../nodes/instanceNorm.ts';
import { layerNorm } from '../../../nodes/layerNorm.ts';
import { renormBoundsOf } from '../../../nodes/lowerBatchNorm.ts';
import { message, type Message } from '../../../words/message.ts';
import type { KerasVariable, ReadField, Setting, Settings } from '../kerasLayer.ts';
import { imageValues } from '../kernels.ts';
import { inputOf, orderOf, writerOf, type BlockContext, type KerasTensor } from '../layerSink.ts';
import { isPlainOrder, reordered } from '../vectorOrder.ts';
import { settingsOf } from './layers.ts';

/** True where nothing of the block changes in training: a layer with `trainable=False`, which uses its statistics. */
function isFrozenNorm(params: BatchNormParams): boolean {
  const { normalizeBy, updateStatistics, trainGamma, trainBeta } = params;
  return normalizeBy === 'stored' && !updateStatistics && !trainGamma && !trainBeta;
}

/** What `BatchNormalization` does not do in training. */
function trainingNotes(params: BatchNormParams, { called: block }: ShapedNode): readonly Message[] {
  const byBatch = params.normalizeBy === 'batch';
  const { averaging, ghostSize, updateStatistics, trainGamma, trainBeta } = params;
  const isSwitched = !isFrozenNorm(params) && (!byBatch || !trainGamma || !trainBeta);
  return [
    ...(byBatch && ghostSize > 0 ? [message('kerasBundles.ghostGroups', { block, size: ghostSize })] : []),
    ...(byBatch && params.renorm ? [message('kerasBundles.renorm', { block })] : []),
    ...(isSwitched ? [message('kerasBundles.switches', { block })] : []),
    ...(averaging === 'cumulative' && updateStatistics
      ? [message('kerasBundles.cumulative', { block })]
      : []),
    ...(params.variance === 'unbiased' && updateStatistics
      ? [message('kerasBundles.unbiased', { block })]
      : []),
  ];
}

function renormSettings(params: BatchNormParams): Readonly<Record<string, Setting>> {
  const { maxR, maxD } = renormBoundsOf(params);
  return {
    renorm: true,
    renorm_clipping: { rmax: maxR, rmin: 1 / maxR, dmax: maxD },
    renorm_momentum: params.decay,
  };
}

/** Renormalization has three more variables: the deviation, and mean and deviation that it renormalizes by. */
function renormVariables(
  mean: KerasVariable,
  variance: KerasVariable,
  epsilon: number,
): readonly KerasVariable[] {
  const deviation = { ...variance, data: variance.data.map((value) => Math.sqrt(value + epsilon)) };
  return [deviation, mean, deviation];
}

/** `momentum` of Keras is the weight of the OLD value, our decay; 1 keeps the statistics. */
const batch = writerOf(batchNorm, (params, context) => {
  const input = inputOf(context);
  const { updateStatistics, decay, epsilon } = params;
  const hasRenorm = params.normalizeBy === 'batch' && params.renorm;
  for (const note of trainingNotes(params, context.block)) context.note(note);
  const momentum = updateStatistics || isFrozenNorm(params) ? decay : 1;
  const settings = { momentum, epsilon, ...(hasRenorm ? renormSettings(params) : {}) };
  return context.add('', 'BatchNormalization', settings, {
    order: input.order,
    isFrozen: isFrozenNorm(params),
    variables: (read) => {
      const field = (name: 'gamma' | 'beta' | 'mean' | 'variance'): KerasVariable =>
        reordered(read(name), orderOf(input));
      const [mean, variance] = [field('mean'), field('variance')];
      const more = hasRenorm ? renormVariables(mean, variance, epsilon) : [];
      return [field('gamma'), field('beta'), mean, variance, ...more];
    },
  });
});

interface Affine {
  readonly gamma: boolean;
  readonly beta: boolean;
  readonly epsilon: number;
}

/** A norm within a sample; `place` puts gamma and beta in Keras' order. */
function sampleNorm(
  context: BlockContext,
  { gamma, beta, epsilon }: Affine,
  [kind, more]: readonly [kind: string, more: Settings],
  place: (values: KerasVariable) => KerasVariable = (values) => values,
): KerasTensor {
  const settings = { ...more, epsilon, scale: gamma ? null : false, center: beta ? null : false };
  const variables = (read: ReadField): readonly KerasVariable[] => [
    ...(gamma ? [place(read('gamma'))] : []),
    ...(beta ? [place(read('beta'))] : []),
  ];
  return context.add('', kind, settingsOf(settings), { order: inputOf(context).order, variables });
}

const layer = writerOf(layerNorm, (params, context) => {
  const input = inputOf(context);
  if (input.order !== null)
    return sampleNorm(context, params, ['LayerNormalization', {}], (values) =>
      reordered(values, orderOf(input)),
    );
  if (params.over === 'eachPixel') return sampleNorm(context, params, ['LayerNormalization', {}]);
  if (params.affine === 'eachChannel')
    return sampleNorm(context, params, ['GroupNormalization', { groups: 1 }]);
  return sampleNorm(context, params, ['LayerNormalization', { axis: [1, 2, 3] }], imageValues);
});

const group = writerOf(groupNorm, (params, context) => {
  const { order } = inputOf(context);
  if (order !== null && !isPlainOrder(order)) context.needPlanar();
  return sampleNorm(context, params, ['GroupNormalization', { groups: params.groups }]);
});

const instance = writerOf(instanceNorm, (params, context) =>
  sampleNorm(context, params, ['GroupNormalization', { groups: -1 }]),
);

export const NORM_WRITERS = [batch, layer, group, instance] as const;
