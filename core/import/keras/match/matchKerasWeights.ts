import type { GraphDocument } from '../../../document/schema.ts';
import { inferShapes } from '../../../graph/inferShapes.ts';
import type { ShapedGraph } from '../../../graph/shapedGraph.ts';
import { validate } from '../../../graph/validate.ts';
import type { ForeignTensor, ForeignWeights, SlotValue } from '../../foreignModel.ts';
import { constantValue, slotValue } from '../slotValues.ts';
import { documentLayers, type DocumentLayer, type Place } from './documentLayers.ts';
import { fileLayers, type FileLayer } from './fileLayers.ts';

/** Tensors of a file of weights on the slots of a project. */
export interface KerasMatch {
  /** By slot name, such as `conv1.weights`. */
  readonly values: ReadonlyMap<string, SlotValue>;
  /** Slots that the file has no value for. */
  readonly missing: readonly string[];
  /** Tensors of the file that no slot takes. */
  readonly unexpected: readonly string[];
}

/**
 * Finds the slots of a file of Keras weights that has no architecture. A layer whose name is the id of a block goes to
 * that block. The others go by class and order: the first convolution to the first convolution in topological order,
 * and so on, until the first whose tensors have other shapes; nothing of that class is matched behind it. A project
 * with errors takes nothing.
 */
export function matchKerasWeights(weights: ForeignWeights, document: GraphDocument): KerasMatch {
  const graph = shapedGraph(document);
  const layers = fileLayers(weights);
  const blocks =
    graph === null
      ? []
      : documentLayers(
          graph,
          layers.some(({ kind }) => kind === 'separable'),
        );
  const match = new Match();
  matchByName(match, layers, blocks);
  matchByOrder(match, layers, blocks);
  const slots = blocks.flatMap(({ places }) => places.map(({ slot }) => slot));
  return {
    values: match.values,
    missing: slots.filter((slot) => !match.values.has(slot)),
    unexpected: weights.tensors.filter((tensor) => !match.used.has(tensor)).map(({ name }) => name),
  };
}

function shapedGraph({ graph }: GraphDocument): ShapedGraph | null {
  const valid = validate(graph).graph;
  return valid === null ? null : inferShapes(valid).graph;
}

class Match {
  readonly values = new Map<string, SlotValue>();
  readonly used = new Set<ForeignTensor>();
  readonly done = new Set<FileLayer | DocumentLayer>();

  /** Gives the block the layer's tensors; false where their number or shapes differ. */
  take(layer: FileLayer, block: DocumentLayer): boolean {
    const found = pairsOf(layer, block);
    if (found === null) return false;
    for (const { slot, value, tensor } of found) {
      this.values.set(slot, value);
      this.used.add(tensor);
    }
    // Keras leaves out a gamma of 1 and a beta of 0.
    for (const { slot, role, dims, isOptional } of block.places)
      if (isOptional && !this.values.has(slot))
        this.values.set(slot, constantValue(role === 'gamma' ? 1 : 0, dims));
    this.done.add(layer).add(block);
    return true;
  }
}

interface Pair {
  readonly slot: string;
  readonly value: SlotValue;
  readonly tensor: ForeignTensor;
}

function pairsOf(layer: FileLayer, block: DocumentLayer): readonly Pair[] | null {
  const { tensors } = layer;
  const places = placesFor(layer, block);
  if (layer.kind !== block.kind || places.length !== tensors.length || places.length === 0) return null;
  const pairs = places.flatMap(({ slot, recipe, dims }, index): Pair[] => {
    const tensor = tensors[index];
    const value = tensor && slotValue(tensor, recipe, dims);
    return tensor && value ? [{ slot, value, tensor }] : [];
  });
  return pairs.length === tensors.length ? pairs : null;
}

/** The block's places in the order of the layer's tensors. */
function placesFor({ roles, tensors }: FileLayer, { places }: DocumentLayer): readonly Place[] {
  if (roles !== null) return roles.flatMap((role) => places.find((place) => place.role === role) ?? []);
  return places.length === tensors.length ? places : places.filter(({ isOptional }) => !isOptional);
}

function matchByName(match: Match, layers: readonly FileLayer[], blocks: readonly DocumentLayer[]): void {
  const byId = new Map<string, DocumentLayer>(blocks.map((block) => [block.id, block]));
  for (const layer of layers) {
    const block = layer.name === null ? undefined : byId.get(layer.name);
    if (block !== undefined && !match.done.has(block)) match.take(layer, block);
  }
}

function matchByOrder(match: Match, layers: readonly FileLayer[], blocks: readonly DocumentLayer[]): void {
  const isOpen = (each: FileLayer | DocumentLayer): boolean => !match.done.has(each);
  for (const kind of new Set(layers.map((layer) => layer.kind))) {
    const open = blocks.filter((block) => block.kind === kind && isOpen(block));
    const own = layers.filter((layer) => layer.kind === kind && isOpen(layer));
    for (const [index, layer] of own.entries()) {
      const block = open[index];
      if (block === undefined || !match.take(layer, block)) break;
    }
  }
}
