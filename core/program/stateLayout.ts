import type { NodeId } from '../diagnostics/ids.ts';

/**
 * How the initial values of a parameter are drawn. Which of them a block means by a name stands in
 * `core/nodes/initializers.ts`.
 */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** From `-bound` to `bound`. */
  | { readonly kind: 'uniform'; readonly bound: number }
  /** Normal, numbers beyond two deviations drawn again. */
  | { readonly kind: 'truncatedNormal'; readonly deviation: number }
  /** Row by row, with orthonormal rows or columns, whichever are fewer. */
  | { readonly kind: 'orthogonal'; readonly rows: number; readonly columns: number };

/** A trained tensor: kernel, bias, gamma or beta. */
export interface ParameterSlot {
  /**
   * `block.weights`, `block.bias`, `block.gamma`, `block.beta`; exported files use PyTorch's field names instead
   * (docs/formats.md).
   */
  readonly name: string;
  readonly node: NodeId;
  readonly field: 'weights' | 'bias' | 'gamma' | 'beta';
  /** Canonical layout: conv `[out, in/groups, kH, kW]`, dense `[out, in]`, vectors `[C]`. */
  readonly dims: readonly number[];
  /** First element in the state array, in elements; the gradient stands at the same offset of the gradient array. */
  readonly offset: number;
  readonly size: number;
  readonly init: Initializer;
  /** False for a frozen parameter: no gradient is computed and no update touches it. */
  readonly trainable: boolean;
  /** True for kernels: L1 and L2 act on it. */
  readonly decayed: boolean;
}

/** A stored statistic of a BatchNorm block, `[C]`. Changed by `updateStatistics` alone, never by gradients. */
export interface StatisticSlot {
  /** `block.mean` or `block.variance`. */
  readonly name: string;
  readonly node: NodeId;
  readonly field: 'mean' | 'variance';
  readonly dims: readonly number[];
  /**
   * First element in the state array; the batch's own statistic stands at `offset - statisticsOffset` of the batch
   * array.
   */
  readonly offset: number;
  readonly size: number;
  /** 0 for means, 1 for variances: the value before any batch was seen. */
  readonly initial: number;
}

/**
 * Where everything that training changes stands in one flat array of canonical layout: `[parameters | statistics |
 * moment 1 | … | averages of parameters and statistics]`. JS allocates the array and lends it to the backend; a
 * checkpoint is this array and a few counters.
 */
export interface StateLayout {
  readonly parameters: readonly ParameterSlot[];
  readonly statistics: readonly StatisticSlot[];
  /** Elements of all parameters: they begin at 0. */
  readonly parameterSize: number;
  /** Equal to `parameterSize`. */
  readonly statisticsOffset: number;
  readonly statisticsSize: number;
  /** How many moments the optimizer keeps (`OptimizerPlan.moments` names them), each `parameterSize` long. */
  readonly moments: number;
  readonly momentOffsets: readonly number[];
  /** Moving averages of parameters and statistics, laid out as these; absent where none are kept. */
  readonly averageOffset?: number;
  readonly totalSize: number;
}
