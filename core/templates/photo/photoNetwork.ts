import type { NodeId } from '../../diagnostics/ids.ts';
import { must } from '../../diagnostics/invariantError.ts';
import type { Params } from '../../document/schema.ts';
import { GraphBuilder } from '../graphBuilder.ts';
import type { NetworkSize } from '../networkSize.ts';
import type { PhotoBuilt, Prefixes, Style } from './architecture.ts';

/** Longest column of cards; a part of the network that does not fit begins a new one. */
const MAX_ROWS = 30;

interface ConvSettings {
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
  readonly bias?: boolean;
  /** Zeros on each side; default `(kernel - 1) / 2`, or 'same' where the style says so. */
  readonly pad?: number;
  readonly initializer?: string;
}

/**
 * Builds a large network block by block, in columns: each block is fed by the last one and lies below it. Every block
 * with weights is given the prefixes of its tensors in published state dicts.
 */
export class PhotoNetwork {
  readonly #builder = new GraphBuilder();
  readonly #prefixes = new Map<NodeId, Prefixes>();
  readonly #size: NetworkSize;
  readonly #style: Style;
  readonly #initializer: string;
  #last: NodeId;
  #head: NodeId | null = null;
  #column = 0;
  #row = 0;
  /** The rightmost column so far, and the first row below all blocks that lie beside the present column. */
  #right = 0;
  #floor = 0;

  /** `initializer` is that of every convolution without one of its own. */
  constructor(size: NetworkSize, style: Style, initializer: string) {
    this.#size = size;
    this.#style = style;
    this.#initializer = initializer;
    const [channels, height, width] = size.inputShape;
    this.#last = this.#place('input', 'input', [], { channels, height, width });
  }

  get last(): NodeId {
    return this.#last;
  }

  get row(): number {
    return this.#row;
  }

  /** Begins a part of `rows` rows, in a new column where the present one is too full; returns its first row. */
  section(rows: number): number {
    if (this.#row > 0 && this.#row + rows > MAX_ROWS) {
      this.#column = this.#right + 1;
      this.#row = 0;
      this.#floor = 0;
    }
    return this.#row;
  }

  /** A block without weights. */
  add(id: string, kind: string, params: Params = {}): NodeId {
    this.#last = this.#place(id, kind, [this.#last], params);
    return this.#last;
  }

  /** A convolution without bias, unless `settings` say otherwise. */
  conv(id: string, settings: ConvSettings, prefixes: Prefixes): NodeId {
    const {
      filters,
      kernel,
      stride = 1,
      groups = 1,
      bias = false,
      initializer = this.#initializer,
    } = settings;
    const pad = settings.pad ?? (kernel - 1) / 2;
    const padding = settings.pad === undefined && kernel > 1 ? this.#style.padding : 'explicit';
    const place = padding === 'explicit' ? { padding, padY: pad, padX: pad } : { padding };
    const params = { filters, kernel, stride, groups, bias, initializer, ...place };
    return this.#weighted(id, 'conv2d', params, prefixes);
  }

  norm(id: string, prefixes: Prefixes): NodeId {
    const { epsilon, decay } = this.#style;
    return this.#weighted(id, 'batchNorm', { epsilon, decay }, prefixes);
  }

  dense(id: string, units: number, prefixes: Prefixes, params: Params = {}): NodeId {
    return this.#weighted(id, 'dense', { ...params, units }, prefixes);
  }

  /** The Dense with one unit for each class. */
  head(id: string, prefixes: Prefixes, params: Params = {}): NodeId {
    this.#head = this.dense(id, this.#size.classes, prefixes, params);
    return this.#head;
  }

  /** A 1×1 convolution with one filter for each class. */
  headConv(id: string, prefixes: Prefixes, params: Params = {}): NodeId {
    const settings = { kernel: 1, padding: 'valid', bias: true, ...params };
    this.#head = this.#weighted(id, 'conv2d', { ...settings, filters: this.#size.classes }, prefixes);
    return this.#head;
  }

  /** A block with several inputs, below all of them and half a column to the right: the wires to it are visible. */
  merge(id: string, kind: string, sources: readonly NodeId[]): NodeId {
    this.#row = Math.max(this.#row, this.#floor);
    this.#last = this.#place(id, kind, sources, { inputs: sources.length }, 0.5);
    return this.#last;
  }

  /** The blocks that `add` adds lie in the column to the right, from `row` on; `source` feeds the first of them. */
  beside(source: NodeId, row: number, add: () => void): NodeId {
    const main = { last: this.#last, row: this.#row };
    this.#last = source;
    this.#row = row;
    this.#column += 1;
    add();
    const end = this.#last;
    this.#floor = Math.max(this.#floor, this.#row);
    this.#column -= 1;
    this.#row = main.row;
    this.#last = main.last;
    return end;
  }

  build(): PhotoBuilt {
    this.add('output', 'output');
    const head = must(this.#head, 'the head');
    return { ...this.#builder.build(), prefixes: this.#prefixes, head };
  }

  #weighted(id: string, kind: string, params: Params, prefixes: Prefixes): NodeId {
    const node = this.add(id, kind, params);
    this.#prefixes.set(node, prefixes);
    return node;
  }

  #place(id: string, kind: string, sources: readonly NodeId[], params: Params, shift = 0): NodeId {
    const column = this.#column + shift;
    const node = this.#builder.add(id, kind, [column, this.#row], sources, params);
    this.#row += 1;
    this.#right = Math.max(this.#right, column);
    return node;
  }
}
