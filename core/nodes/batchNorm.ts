import { elementCount } from '../shapes/shape.ts';
import { defineNode, ONE_INPUT, ONE_OUTPUT } from './defineNode.ts';
import type { LoweringContext } from './definition.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import type { ParamsOf } from './paramSpec.ts';
import { channelsOf, inputAt, shapeOk, valuesPerChannel } from './shapeRules.ts';

const PARAMS = {
  decay: {
    type: 'number',
    default: 0.9,
    min: 0,
    max: 1,
    label: 'Decay',
    help: 'Weight of the OLD value when the stored statistics are updated: stored ← decay · stored + (1 − decay) · batch. Decay 0.9 is PyTorch’s momentum 0.1, and Keras’ and ONNX’s momentum 0.9. Default 0.9, as PyTorch; with 1 the stored value never moves.',
  },
  epsilon: {
    type: 'number',
    default: 1e-5,
    min: 0,
    max: 1,
    exclusiveMin: true,
    label: 'Epsilon',
    help: 'Added to the variance before the square root, in units of the input squared. Default 1e-5, as PyTorch, ONNX and Caffe; Keras takes 1e-3.',
  },
  variance: {
    type: 'choice',
    default: 'unbiased',
    options: [
      { value: 'unbiased', label: 'Unbiased, m − 1 (PyTorch)' },
      { value: 'biased', label: 'Biased, m (Keras 3)' },
    ],
    label: 'Stored variance',
    help: 'Which estimate of a batch’s variance goes into the stored one: sum of squares divided by m − 1 (PyTorch, Caffe) or by m (Keras 3). The batch itself is always normalized by the biased one. Default unbiased, as PyTorch.',
  },
  normalizeBy: {
    type: 'choice',
    default: 'batch',
    options: [
      { value: 'batch', label: 'Batch statistics' },
      { value: 'stored', label: 'Stored statistics' },
    ],
    label: 'Normalize by',
    help: 'Whose mean and variance normalize while training: the batch’s own, with gradients through them, or the stored ones, as constants. Evaluation always uses the stored ones. Default batch.',
  },
  updateStatistics: {
    type: 'boolean',
    default: true,
    label: 'Update stored statistics',
    help: 'Moves the stored mean and variance towards each batch’s while training, outside the gradient. Off leaves them bit for bit as they are. Default on.',
  },
  trainGamma: {
    type: 'boolean',
    default: true,
    label: 'Train gamma',
    help: 'Trains the scale of each channel, which begins at 1. Off keeps it as it is; it is applied either way. Default on.',
  },
  trainBeta: {
    type: 'boolean',
    default: true,
    label: 'Train beta',
    help: 'Trains the shift of each channel, which begins at 0. Off keeps it as it is; it is applied either way. Default on.',
  },
} as const;
export type BatchNormParams = ParamsOf<typeof PARAMS>;

/** True when a training step computes the batch's own statistics, to normalize by them or to store them. */
export function readsBatch(params: Pick<BatchNormParams, 'normalizeBy' | 'updateStatistics'>): boolean {
  return params.normalizeBy === 'batch' || params.updateStatistics;
}

interface ModePlan {
  readonly normalizeBy: 'batch' | 'stored';
  readonly batchStatistics: boolean;
  readonly update: boolean;
}

/** `train` by the switches, `evaluate` always by what is stored, `calibrate` always by the batch and storing nothing. */
function planFor(params: BatchNormParams, mode: LoweringContext['mode']): ModePlan {
  if (mode === 'evaluate') return { normalizeBy: 'stored', batchStatistics: false, update: false };
  if (mode === 'calibrate') return { normalizeBy: 'batch', batchStatistics: true, update: false };
  return {
    normalizeBy: params.normalizeBy,
    batchStatistics: readsBatch(params),
    update: params.updateStatistics,
  };
}

/**
 * Batch normalization, per channel of `[C, H, W]` or per feature of `[F]`; formulas in batchnorm-spec.md, section 1. Owns
 * gamma, beta and the stored mean and variance, `[C]` each.
 */
export const batchNorm = defineNode({
  kind: 'batchNorm',
  family: 'normalization',
  title: 'BatchNorm',
  help: 'Brings each channel to mean 0 and variance 1 over the batch, then scales by gamma and shifts by beta (Ioffe and Szegedy 2015). Outside training it uses the stored statistics.',
  shortcut: 'b',
  params: PARAMS,
  inputPorts: () => ONE_INPUT,
  outputPorts: ONE_OUTPUT,
  summary({ decay, normalizeBy, updateStatistics }) {
    const parts = [`decay ${decay}`];
    if (normalizeBy === 'stored') parts.push('stored statistics');
    if (!updateStatistics) parts.push('no update');
    return parts.join(' · ');
  },
  inferShape: (_params, inputs) => shapeOk(inputAt(inputs)),
  parameters({ trainGamma, trainBeta }, inputs) {
    const dims = [channelsOf(inputAt(inputs))];
    return [
      { field: 'gamma', dims, init: { kind: 'constant', value: 1 }, trainable: trainGamma, decayed: false },
      { field: 'beta', dims, init: { kind: 'constant', value: 0 }, trainable: trainBeta, decayed: false },
    ];
  },
  statisticChannels: (_params, inputs) => channelsOf(inputAt(inputs)),
  flops: (_params, _inputs, output) => 2 * elementCount(output),
  lower(params, context) {
    const plan = planFor(params, context.mode);
    const mean = context.statistic('mean');
    const variance = context.statistic('variance');
    const dst = outputTensor(context);
    const batch = plan.batchStatistics
      ? { mean: context.batchStatistic('mean'), variance: context.batchStatistic('variance') }
      : null;
    context.emit({
      op: 'batchNormForward',
      src: tensorAt(context),
      gamma: context.parameter('gamma'),
      beta: context.parameter('beta'),
      mean,
      variance,
      batchMean: batch?.mean ?? null,
      batchVariance: batch?.variance ?? null,
      dst,
      epsilon: params.epsilon,
      normalizeBy: plan.normalizeBy,
      fusedRelu: false,
      mask: null,
    });
    if (plan.update && batch) {
      context.emit({
        op: 'updateStatistics',
        batchMean: batch.mean,
        batchVariance: batch.variance,
        mean,
        variance,
        decay: params.decay,
        estimator: params.variance,
        valuesPerSample: valuesPerChannel(inputAt(shapesOf(context))),
      });
    }
    return dst;
  },
});
