import type { NodeId } from '../../diagnostics/ids.ts';
import type { Shape } from '../../program/shape.ts';
import type { VectorOrder } from './vectorOrder.ts';

/** Values at the input before any block: `network input = scale * byte + offset`, one pair per channel. */
export interface Scaling {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** False while no layer has said how bytes become inputs. */
  readonly isStated: boolean;
}

/** Pixels around an image. */
export interface Sides {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What fills the pixels around an image. */
export interface Border {
  readonly border: 'fill' | 'reflect' | 'replicate';
  readonly value: number;
}

export const ZEROS: Border = { border: 'fill', value: 0 };

/** What layers do to a tensor that no block has done yet, because it may become part of the next one. */
type Pending =
  | { readonly kind: 'scaled'; readonly scaling: Scaling }
  | { readonly kind: 'padded'; readonly sides: Sides; readonly with: Border; readonly layer: string }
  /** An image whose channels come first in the file, though the model has channels last. */
  | { readonly kind: 'planes'; readonly layer: string }
  /** `x + by`, then with `isClipped` `relu6(x + by)`: the beginning of a hard sigmoid. */
  | { readonly kind: 'shifted'; readonly by: number; readonly isClipped: boolean; readonly layer: string };

/** The output of a layer, as blocks have it: images are `[C, H, W]` whatever the file's layout. */
export interface Tensor {
  /** The block that computes it, before what is pending. */
  readonly node: NodeId;
  /** Without what is pending. */
  readonly shape: Shape;
  /** Order of a vector's values in the file; null for an image. */
  readonly order: VectorOrder | null;
  readonly pending: Pending | null;
}
