import { MAP_METHODS } from '#core/insight/classMap.ts';

/** What can be shown of a picture: maps of a class, the output of a block, its kernels. */
export const LOOK_METHODS = [...MAP_METHODS, 'occlusion', 'features', 'filters'] as const;
export type LookMethod = (typeof LOOK_METHODS)[number];

/** What was shown. */
export interface LookResult {
  readonly method: LookMethod;
  /** Null for an occlusion map, which concerns no block. */
  readonly block: string | null;
  readonly class: string;
  /** The class of the network's decision. */
  readonly decided: string;
  readonly logits: readonly number[];
  readonly probability: number;
  /** Of the values: `[H, W]` of a map, `[C, H, W]`, or of kernels `[out, in, kh, kw]`. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly size: number | null;
  readonly stride: number | null;
}
