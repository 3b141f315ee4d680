import { InvariantError } from '../diagnostics/invariantError.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Instruction } from '../program/instruction.ts';
import type { TensorId } from '../program/tensor.ts';
import type { CompileOptions } from './options.ts';
import type { TensorTable } from './tensorTable.ts';

export interface LoweredInput {
  /** The tensor that the caller fills. */
  readonly images: TensorId;
  /** The tensor that the network's first block reads: the images themselves, or the normalized ones. */
  readonly tensor: TensorId;
  readonly instructions: readonly Instruction[];
}

/**
 * Emits the instructions from the input images to the network's first float tensor. A channel whose deviation is 0 (all
 * images equal there) is centred and not scaled. Throws `InvariantError` when mean and deviation do not have one number
 * per channel.
 */
export function lowerInput(graph: ShapedGraph, options: CompileOptions, table: TensorTable): LoweredInput {
  const dims = graph.inputShape;
  const images = table.add({ name: 'images', kind: 'input', dims, batched: true });
  if (options.input.type === 'f32') return { images, tensor: images, instructions: [] };
  const { mean, deviation, channelOrder } = options.input;
  if (options.inputGradient === true)
    throw new InvariantError('bytes have no gradient; compile for f32 input');
  if (dims.length !== 3 || mean.length !== dims[0] || deviation.length !== dims[0]) {
    throw new InvariantError(`mean and deviation do not fit the input ${dims.join('x')}`);
  }
  const node = graph.input.id;
  const dst = table.add({ name: `${node}.out`, kind: 'activation', dims, batched: true });
  const scale = deviation.map((value) => (value > 0 ? 1 / value : 1));
  return {
    images,
    tensor: dst,
    instructions: [
      { op: 'normalizeInput', node, src: images, dst, mean, scale, reversesChannels: channelOrder === 'bgr' },
    ],
  };
}
