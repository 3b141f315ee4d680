import { NO_RENORM } from '../batchnorm/renorm.ts';
import type { NormalizeBy, RenormBounds } from '../program/instruction.ts';
import type { TensorId } from '../program/tensor.ts';
import type { BatchNormParams } from './batchNormParams.ts';
import type { LoweringContext } from './definition.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import { channelsOf, inputAt, valuesPerChannel } from './shapeRules.ts';

/** True when a training step computes batch statistics, to normalize by them or to update the running ones. */
export function readsBatch(params: Pick<BatchNormParams, 'normalizeBy' | 'updateStatistics'>): boolean {
  return params.normalizeBy === 'batch' || params.updateStatistics;
}

/**
 * `train` follows the switches. `evaluate` always normalizes by the running statistics. `calibrate` normalizes as
 * training does (by the batch, by its groups or by the running statistics), but a renormalizing block by the running
 * statistics. It returns the batch statistics and updates nothing; a block that never computes batch statistics returns
 * none.
 */
export function lowerBatchNorm(params: BatchNormParams, context: LoweringContext): TensorId {
  const reported = context.mode !== 'evaluate' && readsBatch(params) ? batchStatistics(context) : null;
  const dst = outputTensor(context);
  const byBatch = params.normalizeBy === 'batch' && context.mode !== 'evaluate';
  const renorm = byBatch && params.renorm;
  if (byBatch && reported !== null && isGrouped(params, context)) emitGrouped(params, context, reported, dst);
  else emitPlain(params, context, reported, dst, byBatch && !renorm ? 'batch' : 'stored');
  if (context.mode === 'train' && params.updateStatistics && reported !== null)
    emitUpdate(params, context, reported);
  return dst;
}

interface BatchStatistics {
  readonly batchMean: TensorId;
  readonly batchVariance: TensorId;
}

function batchStatistics(context: LoweringContext): BatchStatistics {
  return { batchMean: context.batchStatistic('mean'), batchVariance: context.batchStatistic('variance') };
}

/** Ghost groups apply wherever batch statistics normalize; renormalization applies in training only. */
function isGrouped({ ghostSize, renorm }: BatchNormParams, { mode }: LoweringContext): boolean {
  return renorm ? mode === 'train' : ghostSize > 0;
}

function shared(context: LoweringContext): {
  src: TensorId;
  gamma: TensorId;
  beta: TensorId;
  mean: TensorId;
  variance: TensorId;
} {
  return {
    src: tensorAt(context),
    gamma: context.parameter('gamma'),
    beta: context.parameter('beta'),
    mean: context.statistic('mean'),
    variance: context.statistic('variance'),
  };
}

function emitPlain(
  { epsilon }: BatchNormParams,
  context: LoweringContext,
  reported: BatchStatistics | null,
  dst: TensorId,
  normalizeBy: NormalizeBy,
): void {
  const batch = reported ?? { batchMean: null, batchVariance: null };
  const rest = { dst, epsilon, normalizeBy, fusedActivation: null, mask: null };
  context.emit({ op: 'batchNormForward', ...shared(context), ...batch, ...rest });
}

function emitGrouped(
  params: BatchNormParams,
  context: LoweringContext,
  reported: BatchStatistics,
  dst: TensorId,
): void {
  const { epsilon, ghostSize: groupSize } = params;
  const savedGroups = context.saved('groups', [4, channelsOf(inputAt(shapesOf(context)))]);
  const rest = {
    dst,
    savedGroups,
    epsilon,
    groupSize,
    ...(params.renorm ? renormBoundsOf(params) : NO_RENORM),
  };
  context.emit({ op: 'ghostNormForward', ...shared(context), ...reported, ...rest });
}

/** The bounds in the settings of a block with renormalization. */
export function renormBoundsOf(params: BatchNormParams): RenormBounds {
  const { renormMaxR: maxR, renormMaxD: maxD, renormStart: rampStart } = params;
  return { maxR, maxD, rampStart, rampEndR: params.renormEndR, rampEndD: params.renormEndD };
}

function emitUpdate(params: BatchNormParams, context: LoweringContext, reported: BatchStatistics): void {
  context.emit({
    op: 'updateStatistics',
    ...reported,
    mean: context.statistic('mean'),
    variance: context.statistic('variance'),
    averaging: params.averaging,
    decay: params.decay,
    estimator: params.variance,
    valuesPerSample: valuesPerChannel(inputAt(shapesOf(context))),
  });
}
