import type { NodeId } from '../diagnostics/ids.ts';

/**
 * How the initial values of a parameter are drawn. `core/nodes/initializers.ts` maps the names of a block's settings to
 * them.
 */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** Uniform from `-bound` to `bound`. */
  | { readonly kind: 'uniform'; readonly bound: number }
  /** Normal; values beyond two deviations are drawn again. */
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
  /** First element in the state array, in elements; the gradient has the same offset in the gradient array. */
  readonly offset: number;
  readonly size: number;
  readonly init: Initializer;
  /** False for a frozen parameter: no gradient is computed and no update touches it. */
  readonly trainable: boolean;
  /** True for kernels: L1 and L2 apply to them. */
  readonly decayed: boolean;
  /** Multiplies the learning rate of each update, and with it decoupled weight decay; 1 by default. */
  readonly rateFactor: number;
  /**
   * Number of updates before the first of this parameter, which was frozen until then: its bias correction counts from
   * there, as that of torch.optim.Adam, whose `step` belongs to the parameter. Absent: none.
   */
  readonly startsAfter?: number;
}

/** A running statistic of a BatchNorm block, `[C]`. Changed only by `updateStatistics`, never by gradients. */
export interface StatisticSlot {
  /** `block.mean` or `block.variance`. */
  readonly name: string;
  readonly node: NodeId;
  readonly field: 'mean' | 'variance';
  readonly dims: readonly number[];
  /** First element in the state array; the batch statistic is at `offset - statisticsOffset` of the batch array. */
  readonly offset: number;
  readonly size: number;
  /** The value before the first batch: 0 for means, 1 for variances. */
  readonly initial: number;
}

/**
 * The offsets of everything that training changes, in one flat array of canonical layout: `[parameters | statistics |
 * moment 1 | … | averages of parameters and statistics]`. JS allocates the array and lends it to the backend; a
 * checkpoint is this array and a few counters.
 */
export interface StateLayout {
  readonly parameters: readonly ParameterSlot[];
  readonly statistics: readonly StatisticSlot[];
  /** Number of elements of all parameters, which begin at offset 0. */
  readonly parameterSize: number;
  /** Equal to `parameterSize`. */
  readonly statisticsOffset: number;
  readonly statisticsSize: number;
  /** How many moments the optimizer keeps (`OptimizerPlan.moments` names them), each `parameterSize` long. */
  readonly moments: number;
  readonly momentOffsets: readonly number[];
  /** Offset of the moving averages of parameters and statistics, in the same order; absent when none are kept. */
  readonly averageOffset?: number;
  readonly totalSize: number;
}
