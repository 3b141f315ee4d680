import type { NodeId } from '../diagnostics/ids.ts';
import type { LossPlan } from '../program/loss.ts';
import type { NetworkPart } from './networkPart.ts';
import type { OptimizerPlan } from '../program/optimizer.ts';
import type { ProgramMode } from '../program/program.ts';

/** Everything beyond the graph that a compilation depends on. */
export interface CompileOptions {
  readonly mode: ProgramMode;
  /** `u8` normalizes bytes by mean and deviation per channel (byte units) in the program's first instruction. */
  readonly input:
    | { readonly type: 'u8'; readonly mean: readonly number[]; readonly deviation: readonly number[] }
    | { readonly type: 'f32' };
  /** Read in every mode, so that all state layouts of a network agree: it decides the number of moments. */
  readonly optimizer: OptimizerPlan;
  readonly labelSmoothing: number;
  /** Defaults to plain softmax cross-entropy. */
  readonly loss?: LossPlan;
  /**
   * Which weights an 'evaluate' or 'calibrate' program reads; 'average' needs a layout that holds averages. Default
   * 'raw'.
   */
  readonly weights?: 'raw' | 'average';
  /** Blocks whose weights were frozen in the first `updates` updates of the run: `ParameterSlot.startsAfter`. */
  readonly late?: { readonly nodes: ReadonlySet<NodeId>; readonly updates: number };
  /** Also computes the gradient at the input (f32 programs only); for tests and probes. */
  readonly inputGradient?: boolean;
  /** False leaves operations unfused, for comparison; default true. */
  readonly fuse?: boolean;
  /** Compiles only this part of the network, over the state layout of the whole. Default: the whole network. */
  readonly part?: NetworkPart;
}
