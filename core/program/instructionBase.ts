import type { NodeId } from '../diagnostics/ids.ts';

/** What every instruction has. */
export interface Base<Op extends string> {
  readonly op: Op;
  /** The block this came from, for profiles and errors. */
  readonly node: NodeId;
}

/** Sliding-window geometry in pixels; padding is `[top, left, bottom, right]` as oneDNN orders it. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
}

export interface ConvAttributes extends Window {
  readonly groups: number;
}
