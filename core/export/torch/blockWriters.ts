import { must } from '../../diagnostics/invariantError.ts';
import type { ShapedNode } from '../../graph/shapedGraph.ts';
import { ACTIVATION_WRITERS } from './blocks/activations.ts';
import { LAYER_WRITERS } from './blocks/layers.ts';
import { NORM_WRITERS } from './blocks/norms.ts';
import { POOL_WRITERS } from './blocks/pools.ts';
import { SHAPE_WRITERS } from './blocks/shapes.ts';
import type { WrittenBlock } from './writtenBlock.ts';

const WRITERS = new Map([
  ...LAYER_WRITERS,
  ...NORM_WRITERS,
  ...ACTIVATION_WRITERS,
  ...POOL_WRITERS,
  ...SHAPE_WRITERS,
]);

/** A block as `model.py` contains it; every kind of `core/nodes/registry.ts` has a writer. */
export function writeBlock(block: ShapedNode): WrittenBlock {
  const { kind } = block.definition;
  return must(WRITERS.get(kind), `the PyTorch writer of ${kind}`)(block);
}
