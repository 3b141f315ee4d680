import type { NodeId } from '../diagnostics/ids.ts';

/** The fields of every instruction. */
export interface Base<Op extends string> {
  readonly op: Op;
  /** The block that the instruction was compiled from, for profiles and errors. */
  readonly node: NodeId;
}

/** Sliding-window geometry in pixels; padding is `[top, left, bottom, right]` in oneDNN's order. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
}

export interface ConvAttributes extends Window {
  readonly groups: number;
}
