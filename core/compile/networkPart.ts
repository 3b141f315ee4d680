import type { NodeId } from '../diagnostics/ids.ts';
import type { Shape } from '../program/shape.ts';

/** A place where one tensor divides a network: the blocks up to it, and those after it. */
export interface Cut {
  /** The block whose output is that tensor. */
  readonly node: NodeId;
  /** The prefix: the blocks that this output depends on, and `node` itself, in the graph's order, Input first. */
  readonly blocks: readonly NodeId[];
  /** Shape of the output of one sample, `[C, H, W]` or `[F]`. */
  readonly shape: Shape;
  /** Floating-point operations of the prefix for one sample. */
  readonly flops: number;
}

/**
 * A part of a network to compile. `prefix`: from the images to the output of `cut.node`, which the program reports as
 * its logits, `[N, F]` in C, H, W order; without loss, backward pass and update. In 'train' mode it computes with the
 * kernels of a training step, whose rounding may differ from those of 'evaluate'. `suffix`: from that output, fed as
 * floats `[N, C, H, W]` or `[N, F]`, to the loss; the input of the compile options is then not used.
 */
export interface NetworkPart {
  readonly of: 'prefix' | 'suffix';
  readonly cut: Cut;
}
