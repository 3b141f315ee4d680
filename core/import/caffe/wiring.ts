import { must } from '../../diagnostics/invariantError.ts';
import { message, type Message } from '../../words/message.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import type { CaffeLayer } from './caffeNet.ts';
import { isSource } from './sources.ts';

/** A value that a layer writes. A layer that works in place writes a new value under the name of the one it reads. */
export interface CaffeValue {
  readonly name: string;
  readonly by: WiredLayer;
}

/** A layer with the values that it reads. */
export interface WiredLayer {
  readonly layer: CaffeLayer;
  readonly inputs: readonly CaffeValue[];
}

/** Layers that only measure or print. */
const MEASURES = ['Accuracy', 'ArgMax', 'Silence', 'HDF5Output'];
/** Functions at the end that the loss of a project applies itself. */
const READOUTS = ['Softmax', 'Sigmoid'];

interface Wired {
  readonly layers: readonly WiredLayer[];
  /** In the order of the file. */
  readonly values: readonly CaffeValue[];
}

/**
 * The layers that the logits depend on, sources first, and the logits. Throws a fault where a layer reads a value that
 * no layer before it writes, as Caffe does, or where two layers write the same.
 */
export function wireLayers(
  layers: readonly CaffeLayer[],
  notes: Message[],
): { readonly needed: readonly WiredLayer[]; readonly logits: CaffeValue } {
  const wired = wire(layers);
  const logits = withoutReadout(outputOf(wired, notes), notes);
  const needed = new Set([logits.by]);
  for (const { inputs } of needed) for (const { by } of inputs) needed.add(by);
  return { needed: wired.layers.filter((each) => needed.has(each)), logits };
}

function wire(layers: readonly CaffeLayer[]): Wired {
  const current = new Map<string, CaffeValue>();
  const all: CaffeValue[] = [];
  const wired = layers.map((layer): WiredLayer => {
    const inputs = layer.bottoms.flatMap((name) => {
      const value = current.get(name);
      if (value === undefined && !isEnd(layer))
        throw brokenFile(message('caffeFiles.noSource', { layer: layer.name, value: name }));
      return value === undefined ? [] : [value];
    });
    const made: WiredLayer = { layer, inputs };
    layer.tops.forEach((name, index) => {
      if (current.has(name) && layer.bottoms[index] !== name)
        throw brokenFile(message('caffeFiles.twoSources', { layer: layer.name, value: name }));
      const value = { name, by: made };
      current.set(name, value);
      all.push(value);
    });
    return made;
  });
  return { layers: wired, values: all };
}

function isEnd({ type }: CaffeLayer): boolean {
  return isLoss(type) || MEASURES.includes(type);
}

function isLoss(type: string): boolean {
  return type.endsWith('Loss');
}

/** What the last loss is computed from; without a loss, the last value that no layer reads. */
function outputOf({ layers, values }: Wired, notes: Message[]): CaffeValue {
  const ofLosses = layers.flatMap(({ layer, inputs }) => (isLoss(layer.type) ? inputs.slice(0, 1) : []));
  const read = new Set(layers.flatMap(({ layer, inputs }) => (isEnd(layer) ? [] : inputs)));
  const unread = values.filter((value) => {
    const { layer } = value.by;
    return !read.has(value) && !isEnd(layer) && !isSource(layer);
  });
  const candidates = ofLosses.length > 0 ? ofLosses : unread;
  const last = candidates.at(-1);
  if (last === undefined) throw unsupportedFile(message('caffeFiles.noOutput'));
  const others = new Set(candidates.map((value) => behindSplits(value)));
  others.delete(behindSplits(last));
  if (others.size > 0) notes.push(message('caffeFiles.oneOutput', { name: last.name, count: others.size }));
  return last;
}

/** Split copies its input; Caffe inserts such layers into snapshots. */
function behindSplits(value: CaffeValue): CaffeValue {
  let found = value;
  while (found.by.layer.type === 'Split') found = must(found.by.inputs[0], 'the input of a Split');
  return found;
}

function withoutReadout(value: CaffeValue, notes: Message[]): CaffeValue {
  const found = behindSplits(value);
  const { layer, inputs } = found.by;
  const [input] = inputs;
  if (!READOUTS.includes(layer.type) || input === undefined) return found;
  notes.push(message('caffeFiles.readoutDropped', { layer: layer.name, kind: layer.type }));
  return behindSplits(input);
}
