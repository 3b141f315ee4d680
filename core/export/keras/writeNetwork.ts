import { splitEndpoint } from '../../document/endpoint.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import { must } from '../../diagnostics/invariantError.ts';
import type { ShapedGraph, ShapedNode } from '../../graph/shapedGraph.ts';
import type { Message } from '../../words/message.ts';
import { ACTIVATION_WRITERS } from './blocks/activations.ts';
import { LAYER_WRITERS } from './blocks/layers.ts';
import { NORM_WRITERS } from './blocks/norms.ts';
import { POOL_WRITERS } from './blocks/pools.ts';
import { SHAPE_WRITERS } from './blocks/shapes.ts';
import { groupNotes } from '../groupNotes.ts';
import { blockNotes } from './blockNotes.ts';
import type { KerasLayer } from './kerasLayer.ts';
import { kerasOrder } from './kerasOrder.ts';
import type { BlockContext, KerasTensor, LayerFacts } from './layerSink.ts';
import { layerNames } from './layerNames.ts';
import { plainOrder } from './vectorOrder.ts';

const WRITERS = new Map([
  ...LAYER_WRITERS,
  ...NORM_WRITERS,
  ...ACTIVATION_WRITERS,
  ...POOL_WRITERS,
  ...SHAPE_WRITERS,
]);

/** A network as layers of Keras. */
export interface KerasNetwork {
  /** In the order in which Keras itself lists them: it numbers the groups of the weights by it. */
  readonly layers: readonly KerasLayer[];
  readonly input: string;
  readonly output: string;
  /** The name of each block with tensors. */
  readonly names: ReadonlyMap<NodeId, string>;
  /** What Keras expresses in another way. */
  readonly notes: readonly Message[];
  /** Blocks that Keras cannot express. */
  readonly refusals: readonly Message[];
}

/**
 * The layers of a network with channels last. A vector has the order that Keras gives it, `[H, W, C]`, and the weights
 * behind it are permuted; where a block needs our order, images are permuted before they are flattened instead.
 */
export function writeNetwork(graph: ShapedGraph): KerasNetwork {
  const usual = new NetworkWriter(graph, false);
  const written = usual.write();
  return usual.needsPlanar ? new NetworkWriter(graph, true).write() : written;
}

class NetworkWriter {
  needsPlanar = false;
  readonly #graph: ShapedGraph;
  readonly #planar: boolean;
  readonly #names: ReadonlyMap<NodeId, string>;
  readonly #taken: Set<string>;
  readonly #layers: KerasLayer[] = [];
  readonly #notes: Message[] = [];
  readonly #refusals: Message[] = [];

  constructor(graph: ShapedGraph, planar: boolean) {
    this.#graph = graph;
    this.#planar = planar;
    this.#names = layerNames(graph.order.map(({ id }) => id));
    this.#taken = new Set(this.#names.values());
  }

  write(): KerasNetwork {
    const tensors = new Map<NodeId, KerasTensor>();
    for (const block of this.#graph.order) {
      const inputs = block.sources.map((source) => must(tensors.get(splitEndpoint(source).node), source));
      const { kind } = block.definition;
      const writer = must(WRITERS.get(kind), `the Keras writer of ${kind}`);
      this.#notes.push(...blockNotes(block, this.#nameOf(block)));
      tensors.set(block.id, writer(this.#contextOf(block, inputs)));
    }
    const layers = kerasOrder(this.#layers, must(tensors.get(this.#graph.output.id), 'the output').layer);
    return {
      layers,
      input: must(layers[0], 'the input').name,
      output: must(layers.at(-1), 'the output').name,
      names: this.#names,
      notes: groupNotes(this.#notes),
      refusals: this.#refusals,
    };
  }

  #nameOf({ id }: ShapedNode): string {
    return must(this.#names.get(id), `the name of ${id}`);
  }

  #contextOf(block: ShapedNode, inputs: readonly KerasTensor[]): BlockContext {
    return {
      ...{ block, inputs, planar: this.#planar },
      add: (suffix, kind, settings = {}, facts = {}) => {
        const name =
          suffix === '' ? this.#nameOf(block) : this.#freshName(`${this.#nameOf(block)}_${suffix}`);
        // Keras trains all variables of a layer, or none.
        const isFrozen = facts.isFrozen ?? (suffix === '' && block.params['trainWeights'] === false);
        const frozen = isFrozen ? { trainable: false } : {};
        return this.#add(block, { name, kind, settings: { ...settings, ...frozen } }, { inputs, ...facts });
      },
      note: (message) => void this.#notes.push(message),
      refuse: (message) => void this.#refusals.push(message),
      needPlanar: () => {
        this.needsPlanar = true;
      },
    };
  }

  #add(
    block: ShapedNode,
    layer: Pick<KerasLayer, 'name' | 'kind' | 'settings'>,
    { inputs = [], shape = block.shape, order, axes, ...facts }: LayerFacts,
  ): KerasTensor {
    const [channels = 1, ...pixels] = shape;
    this.#layers.push({
      ...layer,
      operation: facts.operation ?? null,
      callSettings: facts.callSettings ?? {},
      inputs: inputs.map((input) => input.layer),
      takesList: facts.takesList ?? false,
      shape: axes ?? [...pixels, channels],
      block: block.id,
      variables: facts.variables ?? (() => []),
    });
    return { layer: layer.name, shape, order: pixels.length > 0 ? null : (order ?? plainOrder(channels)) };
  }

  #freshName(base: string): string {
    let name = base;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${base}_${String(number)}`;
    this.#taken.add(name);
    return name;
  }
}
