import type { NodeId } from '../diagnostics/ids.ts';
import type { LossPlan } from '../program/loss.ts';
import type { Preprocessing } from '../document/preprocessing.ts';
import type { NetworkPart } from './networkPart.ts';
import type { OptimizerPlan } from '../program/optimizer.ts';
import type { ProgramMode } from '../program/program.ts';

/**
 * Bytes, normalized in the program's first instruction by mean and deviation per channel of the network's input, in
 * byte units. `channelOrder` is that of the network's input; the bytes are RGB.
 */
export interface BytesInput {
  readonly type: 'u8';
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly channelOrder?: 'bgr' | undefined;
}

/** The normalized bytes of a preprocessing as input. */
export function bytesInput({
  mean,
  deviation,
  channelOrder,
}: Pick<Preprocessing, 'mean' | 'deviation' | 'channelOrder'>): BytesInput {
  return { type: 'u8', mean, deviation, ...(channelOrder === undefined ? {} : { channelOrder }) };
}

/**
 * Outputs of blocks to be read after a run, as the network's file has its blocks: that of a convolution before the
 * BatchNorm that follows it. With `gradients`, also the gradient of one logit with respect to each of them: the logit
 * of the class that is fed as the image's label. It is that of the network in inference: BatchNorm with its running
 * statistics, no dropout, parameters constant.
 */
export interface Taps {
  /** Blocks from which a path of wires leads to the Output block. */
  readonly nodes: readonly NodeId[];
  readonly gradients: boolean;
}

/** Everything beyond the graph that a compilation depends on. */
export interface CompileOptions {
  readonly mode: ProgramMode;
  readonly input: BytesInput | { readonly type: 'f32' };
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
  /** Blocks whose outputs can be read after a run. Not in 'train' mode. */
  readonly taps?: Taps;
  /** False leaves operations unfused, for comparison; default true. */
  readonly fuse?: boolean;
  /** Compiles only this part of the network, over the state layout of the whole. Default: the whole network. */
  readonly part?: NetworkPart;
}
