import { nodesReachingOutput } from '#core/compile/reachability.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { ShapedNode } from '#core/graph/shapedGraph.ts';
import { must } from '#core/diagnostics/invariantError.ts';

/** A block whose output for a picture can be shown. */
export interface LookBlock {
  readonly block: NodeId;
  /** The user's label, or the kind's title. */
  readonly name: string;
  readonly kind: string;
  readonly channels: number;
  /** 1 and 1 for an output without height and width. */
  readonly height: number;
  readonly width: number;
  /** Whether a map of a class can be computed there: the output has more than one pixel. */
  readonly hasMap: boolean;
  /** Shape of its kernels: `[out, in / groups, kh, kw]`, of a transposed convolution `[in, out / groups, kh, kw]`. */
  readonly filters: readonly number[] | null;
}

/** The blocks between Input and Output that the classes depend on, in the order of computation. */
export function lookBlocks({ graph, layout }: TrainedModel): LookBlock[] {
  const wanted = nodesReachingOutput(graph);
  const ends = new Set([graph.input.id, graph.output.id]);
  return graph.order.filter(({ id }) => wanted.has(id) && !ends.has(id)).map((node) => blockOf(node, layout));
}

function blockOf(node: ShapedNode, layout: TrainedModel['layout']): LookBlock {
  const [channels = 1, height = 1, width = 1] = node.shape;
  const slot = kernelSlot(layout, node.id);
  return {
    ...{ block: node.id, name: node.name, kind: node.definition.kind, channels, height, width },
    hasMap: height * width > 1,
    filters: slot === undefined ? null : slot.dims,
  };
}

function kernelSlot(
  { parameters }: TrainedModel['layout'],
  block: NodeId,
): TrainedModel['layout']['parameters'][number] | undefined {
  return parameters.find(
    ({ node, field, dims }) => node === block && field === 'weights' && dims.length === 4,
  );
}

/** The kernels of a block that has some, as the state holds them. */
export function kernelsOf({ layout, state }: TrainedModel, block: NodeId): Float32Array {
  const { offset, size } = must(kernelSlot(layout, block), `kernels of ${block}`);
  return Float32Array.from(state.subarray(offset, offset + size));
}
