import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { BatchNormFacts } from './batchNormFacts.ts';
import { findSlot } from './stateReader.ts';
import type { TrainedModel } from './trainedModel.ts';

type NormField = 'gamma' | 'beta' | 'mean' | 'variance';

/** The values of a BatchNorm block in float64, each `[C]`. */
export type NormValues = Readonly<Record<NormField, Float64Array>>;

/** The stored values of a BatchNorm block, copied. */
export function normValues(model: TrainedModel, node: NodeId): NormValues {
  const read = (field: NormField): Float64Array => {
    const { offset, size } = must(findSlot(model, node, field), `${node}.${field}`);
    return Float64Array.from(model.state.subarray(offset, offset + size));
  };
  return { gamma: read('gamma'), beta: read('beta'), mean: read('mean'), variance: read('variance') };
}

/** `gamma / sqrt(variance + epsilon)` of each channel: what frozen BatchNorm multiplies its input by. */
export function normScale({ gamma, variance }: NormValues, epsilon: number): Float64Array {
  return gamma.map((value, channel) => value / Math.sqrt((variance[channel] ?? NaN) + epsilon));
}

/** The channel that a BatchNorm amplifies most, and by how much. */
export interface Amplification {
  /** `|gamma| / sqrt(variance + epsilon)`; null where no channel has a finite one. */
  readonly factor: number | null;
  readonly channel: number;
}

/** The largest factor by which a frozen block multiplies a difference of its input, and with it a rounding error. */
export function amplificationOf(model: TrainedModel, { node, epsilon }: BatchNormFacts): Amplification {
  const scale = normScale(normValues(model, node), epsilon);
  let channel = 0;
  let factor: number | null = null;
  scale.forEach((value, at) => {
    if (Number.isFinite(value) && Math.abs(value) > (factor ?? -1)) [factor, channel] = [Math.abs(value), at];
  });
  return { factor, channel };
}
