import type { ShapedNode } from '../../graph/shapedGraph.ts';
import type { NodeDefinition } from '../../nodes/definition.ts';
import type { ParamsOf, ParamTable } from '../../nodes/paramSpec.ts';
import type { Message } from '../../words/message.ts';
import type { StateField } from '../stateReader.ts';

/** A setting of a layer: a number, a truth value, an enum's name, or a message of settings. */
export type SettingValue = number | boolean | string | Settings;
export interface Settings {
  readonly [name: string]: SettingValue | readonly number[];
}

/** Returns the values of a field of the block, in canonical layout. */
type ReadField = (field: StateField) => Float32Array<ArrayBuffer>;

/** Weights of a layer, a `BlobProto`. */
export interface BlobPlan {
  readonly dims: readonly number[];
  readonly values: (read: ReadField) => Float32Array<ArrayBuffer>;
  /** `lr_mult` and `decay_mult` in training. */
  readonly rates: readonly [rate: number, decay: number];
}

/** A layer of both descriptions. */
export interface LayerPlan {
  /** Behind the name of the block: `scale` makes `bn1/scale`; empty for the layer that has the block's name. */
  readonly suffix?: string;
  readonly type: string;
  /** Names of the values that it reads; by default the first input of the block. */
  readonly bottoms?: readonly string[];
  readonly settings?: Settings;
  /** Settings of `train_val.prototxt` alone, and why they are there. */
  readonly training?: { readonly settings: Settings; readonly comment: string };
  readonly blobs?: readonly BlobPlan[];
}

/** What a writer of blocks works with. */
export interface BlockContext {
  readonly block: ShapedNode;
  /** Names of the values at the input ports. */
  readonly inputs: readonly string[];
  /** Adds a layer; returns the name of the value that it writes. */
  add(layer: LayerPlan): string;
  /** Says what Caffe expresses in another way. */
  note(said: Message): void;
}

/** Adds the layers of a block; returns the name of its output. Throws `NoLayer` where Caffe cannot express it. */
type CaffeBlockWriter = (context: BlockContext) => string;

/** Caffe cannot express a block. */
export class NoLayer extends Error {
  readonly said: Message;

  constructor(said: Message) {
    super(said.key);
    this.said = said;
  }
}

/** A line of the table of writers: the kind of the block and its writer, which gets the parameters by their types. */
export function caffeWriter<T extends ParamTable>(
  definition: NodeDefinition<T>,
  write: (params: ParamsOf<T>, context: BlockContext) => string,
): readonly [kind: string, writer: CaffeBlockWriter] {
  // The parameters of a shaped block are complete and checked by this definition, but its type does not say so.
  return [definition.kind, (context) => write(context.block.params as ParamsOf<T>, context)];
}

/** A blob of a field of the block. */
export function fieldBlob(
  field: StateField,
  dims: readonly number[],
  rates: BlobPlan['rates'] = [1, 1],
): BlobPlan {
  return { dims, rates, values: (read) => read(field) };
}

/** A blob that nothing trains. */
export function constantBlob(dims: readonly number[], values: Float32Array<ArrayBuffer>): BlobPlan {
  return { dims, rates: [0, 0], values: () => values };
}
