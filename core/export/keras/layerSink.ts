import type { ShapedNode } from '../../graph/shapedGraph.ts';
import type { NodeDefinition } from '../../nodes/definition.ts';
import type { ParamsOf, ParamTable } from '../../nodes/paramSpec.ts';
import type { Shape } from '../../program/shape.ts';
import type { Message } from '../../words/message.ts';
import type { KerasLayer, KerasVariable, ReadField, Settings } from './kerasLayer.ts';
import { plainOrder, type VectorOrder } from './vectorOrder.ts';

/** The output of a layer: its shape in our order, `[C, H, W]` or `[F]`. */
export interface KerasTensor {
  readonly layer: string;
  readonly shape: Shape;
  /** Order of a vector's values in Keras; null for an image. */
  readonly order: VectorOrder | null;
}

/** What a writer says about a layer beside its class and settings. */
export interface LayerFacts {
  /** The inputs of the block by default. */
  readonly inputs?: readonly KerasTensor[];
  /** Of the output, in our order; that of the block by default. */
  readonly shape?: Shape;
  /** Order of a vector; plain by default. */
  readonly order?: VectorOrder | null;
  /** Axes of the output as Keras has them, where they are no image with channels last. */
  readonly axes?: readonly number[];
  readonly operation?: KerasLayer['operation'];
  readonly callSettings?: Settings;
  readonly takesList?: boolean;
  /** True: none of its variables is trained; by default the setting of the block. */
  readonly isFrozen?: boolean;
  readonly variables?: (read: ReadField) => readonly KerasVariable[];
}

/** What a writer of a block works with. */
export interface BlockContext {
  readonly block: ShapedNode;
  readonly inputs: readonly KerasTensor[];
  /** True where vectors have our order: an image is permuted before it is flattened. */
  readonly planar: boolean;
  /** Adds a layer; the first one of a block with an empty `suffix` has the name of the block. */
  add(suffix: string, kind: string, settings?: Settings, facts?: LayerFacts): KerasTensor;
  note(message: Message): void;
  /** Says that Keras cannot express the block: the message is shown before the export, which is refused. */
  refuse(message: Message): void;
  /** Says that vectors need our order here. */
  needPlanar(): void;
}

/** Adds the layers of a block; returns its output. */
export type BlockWriter = (context: BlockContext) => KerasTensor;

/** A line of the table of writers: the kind of the block and its writer, which gets the parameters by their types. */
export function writerOf<T extends ParamTable>(
  definition: NodeDefinition<T>,
  write: (params: ParamsOf<T>, context: BlockContext) => KerasTensor,
): readonly [kind: string, writer: BlockWriter] {
  // The parameters of a shaped block are complete and checked by this definition, but its type does not say so.
  return [definition.kind, (context) => write(context.block.params as ParamsOf<T>, context)];
}

/** The first input. */
export function inputOf({ inputs, block }: BlockContext): KerasTensor {
  const [input] = inputs;
  if (input === undefined) throw new RangeError(`${block.id} has no input`);
  return input;
}

/** The order of a vector; of an image, that of its channels. */
export function orderOf({ order, shape }: KerasTensor): VectorOrder {
  return order ?? plainOrder(shape[0] ?? 1);
}
