import { InvariantError } from '../diagnostics/invariantError.ts';
import type { Brand } from '../diagnostics/brand.ts';

/** Index of a tensor in its program's table. */
export type TensorId = Brand<number, 'TensorId'>;

export function isTensorId(value: unknown): value is TensorId {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** Brands an index; throws `InvariantError` when it is not a non-negative integer. */
export function toTensorId(index: number): TensorId {
  if (!isTensorId(index)) throw new InvariantError(`no tensor has the index ${index}`);
  return index;
}

/**
 * `input` and `labels` are fed at each step. `activation` and `gradient` exist within a step, in the arena. `saved` is
 * what a forward instruction keeps for its backward instruction (masks, indices); the backend chooses its format.
 * `batchStatistic` and `metric` are read after the step. `parameter`, `parameterGradient` and `statistic` are views of
 * the lent state and gradient arrays.
 */
export type TensorKind =
  | 'input'
  | 'labels'
  | 'activation'
  | 'gradient'
  | 'saved'
  | 'batchStatistic'
  | 'metric'
  | 'parameter'
  | 'parameterGradient'
  | 'statistic';

export interface TensorSpec {
  readonly id: TensorId;
  /** For display: `conv1.out`, `d(conv1.out)`, `bn1.batchMean`. Unique in the program. */
  readonly name: string;
  readonly kind: TensorKind;
  /** Without the batch when `batched`. */
  readonly dims: readonly number[];
  /** True when the tensor has the batch as its leading dimension. */
  readonly batched: boolean;
  /**
   * For `parameter`, `parameterGradient`, `statistic` and `batchStatistic`: the index of its slot in the state layout.
   */
  readonly slot?: number;
}
