import { must } from '../../diagnostics/invariantError.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { ShapedGraph, ShapedNode } from '../../graph/shapedGraph.ts';
import { message, type Message } from '../../words/message.ts';
import { orderBlocks, sourcesOf } from '../torch/orderBlocks.ts';
import { CAFFE_ACTIVATIONS } from './blocks/activations.ts';
import { CAFFE_LAYERS } from './blocks/layers.ts';
import { CAFFE_NORMS } from './blocks/norms.ts';
import { CAFFE_POOLS } from './blocks/pools.ts';
import { CAFFE_SHAPES } from './blocks/shapes.ts';
import { groupNotes } from '../groupNotes.ts';
import { NoLayer, type LayerPlan } from './caffeLayer.ts';

const WRITERS = new Map([
  ...CAFFE_LAYERS,
  ...CAFFE_NORMS,
  ...CAFFE_ACTIVATIONS,
  ...CAFFE_POOLS,
  ...CAFFE_SHAPES,
]);

/** Names of the layers around those of the blocks. */
export const FIXED_NAMES = {
  data: 'data',
  label: 'label',
  normalize: 'normalize',
  prob: 'prob',
  loss: 'loss',
  accuracy: 'accuracy',
} as const;

/** A layer with its name, which is also that of the value that it writes. */
export interface NamedLayer extends LayerPlan {
  readonly name: string;
  readonly bottoms: readonly string[];
  readonly block: NodeId;
}

/** A network as layers of Caffe 1.0. */
export interface CaffePlan {
  /** Sources come first; the first ones read `FIXED_NAMES.normalize`. */
  readonly layers: readonly NamedLayer[];
  /** Name of the layer of each block that has one under its own name. */
  readonly names: ReadonlyMap<NodeId, string>;
  /** Name of the value of the logits. */
  readonly logits: string;
  /** What Caffe cannot express; the layers are then not complete. */
  readonly refusals: readonly Message[];
  /** What is expressed in another way. */
  readonly notes: readonly Message[];
}

/** The layers of a network. It depends on the blocks alone, not on their weights. */
export function planCaffe(graph: ShapedGraph): CaffePlan {
  const planned = new PlannedLayers(graph);
  for (const block of orderBlocks(graph)) planned.addBlock(block);
  return planned.finish();
}

class PlannedLayers {
  readonly #graph: ShapedGraph;
  readonly #layers: NamedLayer[] = [];
  readonly #names = new Map<NodeId, string>();
  /** The value that each block gives. */
  readonly #values = new Map<NodeId, string>();
  readonly #refusals: Message[] = [];
  readonly #notes: Message[] = [];

  constructor(graph: ShapedGraph) {
    this.#graph = graph;
  }

  addBlock(block: ShapedNode): void {
    this.#values.set(block.id, this.#valueOf(block));
  }

  finish(): CaffePlan {
    const logits = must(this.#values.get(this.#graph.output.id), 'the logits');
    return {
      ...{ layers: this.#layers, names: this.#names, logits },
      ...{ refusals: this.#refusals, notes: groupNotes(this.#notes) },
    };
  }

  #valueOf(block: ShapedNode): string {
    const inputs = sourcesOf(block).map((id) => must(this.#values.get(id), `the value of ${id}`));
    if (block === this.#graph.input) return FIXED_NAMES.normalize;
    if (block === this.#graph.output) return must(inputs[0], 'the input of the Output');
    const write = WRITERS.get(block.definition.kind);
    try {
      if (write === undefined) throw new NoLayer(message('bundles.caffeNoLayer', { block: block.called }));
      return write({
        ...{ block, inputs },
        add: (layer) => this.#add(block.id, layer, inputs),
        note: (said) => this.#notes.push(said),
      });
    } catch (thrown) {
      if (!(thrown instanceof NoLayer)) throw thrown;
      this.#refusals.push(thrown.said);
      return nameOf(block.id);
    }
  }

  #add(block: NodeId, layer: LayerPlan, inputs: readonly string[]): string {
    const suffix = layer.suffix ?? '';
    const own = nameOf(block);
    // Ids of blocks contain no slash.
    const name = suffix === '' ? own : `${own}/${suffix}`;
    if (suffix === '') this.#names.set(block, own);
    this.#layers.push({ ...layer, name, block, bottoms: layer.bottoms ?? inputs.slice(0, 1) });
    return name;
  }
}

/** The id of a block, unless a layer around the network has that name. */
function nameOf(id: NodeId): string {
  const isTaken = (Object.values(FIXED_NAMES) as string[]).includes(id);
  return isTaken ? `${id}/block` : id;
}
