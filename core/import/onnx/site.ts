import { elementCount } from '../../program/shape.ts';
import { message, type Message } from '../../words/message.ts';
import { refusal, type Assembly, type NewBlock } from './assembly.ts';
import type { FileNode } from './fileModel.ts';
import { numbersOf } from './foldConstants.ts';
import type { Naming } from './names.ts';
import {
  IMAGE_VIEW,
  sameView,
  sizeOf,
  VECTOR_VIEW,
  viewedDims,
  withDims,
  type Constant,
  type Flow,
  type Value,
} from './values.ts';

/** What the graph's file says beyond its nodes, and what was found while its network was rebuilt. */
export interface FileFacts {
  /** Size of the batch, where the file fixes it. */
  readonly batch: number | null;
  readonly opset: number;
  /** The program that wrote the file, in its own words. */
  readonly producer: string;
  /** Names of the BatchNormalization nodes that were exported in training mode. */
  readonly trained: Set<string>;
}

interface BlockContents extends Pick<NewBlock, 'params' | 'held'> {
  /** Names the block, where the file names it. */
  readonly weights?: Constant | null | undefined;
}

/** A node whose block is to be made, with its inputs. Its methods throw faults that name the node. */
export class Site {
  readonly node: FileNode;
  readonly net: Assembly;
  readonly facts: FileFacts;
  readonly #inputs: readonly (Value | null)[];

  constructor(node: FileNode, inputs: readonly (Value | null)[], net: Assembly, facts: FileFacts) {
    this.node = node;
    this.net = net;
    this.facts = facts;
    this.#inputs = inputs;
  }

  /** The fault that the node is not supported, and why. */
  refuse(why: Message): Error {
    return refusal({ node: this.node }, why);
  }

  /** An input, or null where it was left out. */
  input(index: number): Value | null {
    return this.#inputs[index] ?? null;
  }

  inputs(): readonly (Value | null)[] {
    return this.#inputs;
  }

  /** An activation; the images, if the input is they. */
  flow(index: number): Flow {
    const value = this.input(index);
    if (value?.kind === 'flow') return value;
    if (value?.kind === 'input') return this.net.enter(value, { node: this.node });
    throw this.refuse(message('onnxFiles.inputConstant', { number: index + 1 }));
  }

  /** A constant, or null where the input was left out. */
  constant(index: number): Constant | null {
    const value = this.input(index);
    if (value === null || value.kind === 'constant') return value;
    throw this.refuse(message('onnxFiles.inputNotConstant', { number: index + 1 }));
  }

  neededConstant(index: number): Constant {
    const held = this.constant(index);
    if (held === null) throw this.refuse(message('onnxFiles.inputNotConstant', { number: index + 1 }));
    return held;
  }

  /** The numbers of a constant input, or null where it was left out. */
  numbers(index: number): readonly number[] | null {
    const held = this.constant(index);
    if (held === null) return null;
    const numbers = numbersOf(held);
    if (numbers === null) throw this.refuse(message('onnxFiles.inputNotConstant', { number: index + 1 }));
    return numbers;
  }

  naming(weights?: Constant | null, suffix?: string): Naming {
    return { node: this.node, weights: weights?.from[0], suffix };
  }

  /** Adds a block of the node that is seen as `view`, or as it is. */
  add(
    kind: string,
    sources: readonly Flow[],
    { params = {}, held = {}, weights = null }: BlockContents = {},
  ): Flow {
    return this.net.add({ kind, sources, params, held, naming: this.naming(weights) });
  }

  /** `flow` as an image in the order of our blocks; a vector of `[C, 1, 1]` is reshaped. */
  image(flow: Flow): Flow {
    if (flow.shape.length === 3 && sameView(flow.view, IMAGE_VIEW)) return flow;
    const isVector = flow.shape.length === 1 && sameView(flow.view, ['c', '1', '1']);
    if (!isVector) throw this.refuse(message('onnxFiles.notAnImage', { dims: this.describe(flow) }));
    return this.net.once(flow, 'image', () =>
      this.net.add({ kind: 'reshape', sources: [flow], naming: this.naming(null, 'image') }),
    );
  }

  /** `flow` as a vector; an image with one pixel, or one channel seen as a list, is flattened. */
  vector(flow: Flow): Flow {
    if (!sameView(flow.view, VECTOR_VIEW) && !sameView(flow.view, ['f']))
      throw this.refuse(message('onnxFiles.notAVector', { dims: this.describe(flow) }));
    if (flow.shape.length === 1) return flow;
    return this.net.once(flow, 'vector', () =>
      this.net.add({ kind: 'flatten', sources: [flow], naming: this.naming(null, 'vector') }),
    );
  }

  /** The dims as the file sees them: `N × 3 × 224 × 224`. */
  describe({ view, shape }: Flow): string {
    return ['N', ...viewedDims(view, shape)].join(' × ');
  }

  /**
   * The elements of a constant that is broadcast over `flow`, one per channel or one in all, as `[C]` or `[1]`; null
   * where it has other dims.
   */
  perChannel(constant: Constant, flow: Pick<Flow, 'view'>, channels: number): Constant | null {
    const count = elementCount(constant.dims);
    if (count === 1) return withDims(constant, [1]);
    const rank = flow.view.length + 1;
    if (constant.dims.length > rank || count !== channels) return null;
    const axis = constant.dims.findIndex((dim) => dim !== 1) + rank - constant.dims.length - 1;
    return flow.view[axis] === 'c' ? withDims(constant, [channels]) : null;
  }
}

export function channelsOf(flow: Flow): number {
  return sizeOf('c', flow.shape);
}
