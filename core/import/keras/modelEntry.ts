import { shorten } from '../../document/brief.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import { message } from '../../words/message.ts';
import { countedNames } from './className.ts';
import { readInbound, type InboundCall } from './inboundNodes.ts';
import { isObject } from './settings.ts';

/** A layer as the file lists it, not interpreted yet. */
export interface Entry {
  readonly name: string;
  readonly kind: string;
  readonly config: unknown;
  /** Name of the layer in the paths of Keras 3: `conv2d_1`. */
  readonly counted: string;
  /** Null in a Sequential model, whose layers follow one another, and for an input. */
  readonly inbound: InboundCall | null;
}

/** A model as the file lists it. */
export interface ModelEntry {
  readonly name: string;
  readonly isSequential: boolean;
  readonly trainable: boolean;
  readonly entries: readonly Entry[];
  /** Names of input layers and of layers whose outputs are the model's; empty for a Sequential model. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Shape of a Sequential model's input with the batch, where the file says it. */
  readonly builtShape: unknown;
}

/** Characters of a layer's name or class; Keras' own have some forty. */
const MOST_NAME = 200;

/** Layers of one model. */
export const MOST_LAYERS = 5000;

const MODELS = new Set(['Sequential', 'Functional', 'Model']);

export function isModel(kind: string): boolean {
  return MODELS.has(kind);
}

/** Reads the list of layers of a Sequential or Functional model; `config` is what is beside its `class_name`. */
export function readModel(kind: string, config: unknown): ModelEntry {
  if (!isModel(kind)) throw unsupportedFile(message('kerasFiles.modelKind', { kind: shorten(kind) }));
  // Before Keras 2.2.3 the configuration of a Sequential model was the list of its layers.
  const whole = Array.isArray(config) ? { layers: config as unknown[] } : config;
  if (!isObject(whole) || !Array.isArray(whole['layers'])) throw brokenFile(message('kerasFiles.noLayers'));
  const listed: unknown[] = whole['layers'];
  if (listed.length > MOST_LAYERS)
    throw unsupportedFile(message('kerasFiles.manyLayers', { most: MOST_LAYERS }));
  const isSequential = kind === 'Sequential';
  return {
    name: typeof whole['name'] === 'string' ? shorten(whole['name']) : 'model',
    isSequential,
    trainable: whole['trainable'] !== false,
    entries: readEntries(listed, isSequential),
    inputs: isSequential ? [] : ends(whole['input_layers']),
    outputs: isSequential ? [] : ends(whole['output_layers']),
    builtShape: whole['build_input_shape'],
  };
}

function readEntries(listed: readonly unknown[], isSequential: boolean): readonly Entry[] {
  const raw = listed.map((each, index) => rawEntry(each, index));
  const names = new Set(raw.map(({ name }) => name));
  if (names.size < raw.length) throw brokenFile(message('kerasFiles.sameNames'));
  // Operations such as x + 1 are no layers: Keras does not count them.
  const layers = raw.filter(({ isOperation }) => !isOperation);
  const counted = countedNames(layers.map(({ kind }) => kind));
  const countedOf = new Map(layers.map(({ name }, index) => [name, counted[index] ?? '']));
  return raw.map(({ name, kind, config, nodes }) => ({
    ...{ name, kind, config },
    counted: countedOf.get(name) ?? '',
    inbound: isSequential ? null : readInbound(name, nodes),
  }));
}

function rawEntry(
  entry: unknown,
  index: number,
): { name: string; kind: string; config: unknown; isOperation: boolean; nodes: unknown } {
  if (!isObject(entry)) throw brokenFile(message('kerasFiles.noLayers'));
  const { class_name: kind, config, name, module, inbound_nodes: nodes } = entry;
  if (typeof kind !== 'string') throw brokenFile(message('kerasFiles.noLayers'));
  const inner = isObject(config) ? config['name'] : undefined;
  const named =
    [name, inner].find((each): each is string => typeof each === 'string' && each !== '') ?? `layer_${index}`;
  if (named.length > MOST_NAME || kind.length > MOST_NAME)
    throw brokenFile(message('kerasFiles.longName', { name: shorten(named) }));
  return {
    name: named,
    kind,
    config: config ?? {},
    isOperation: typeof module === 'string' && module.startsWith('keras.src.ops'),
    nodes: nodes ?? [],
  };
}

/** Names in `["conv1", 0, 0]`, `[["conv1", 0, 0], …]` or `{"name": ["conv1", 0, 0]}`. */
function ends(value: unknown): readonly string[] {
  const list: unknown[] = isObject(value) ? Object.values(value) : Array.isArray(value) ? value : [];
  const entries: unknown[] = typeof list[0] === 'string' ? [list] : list;
  return entries.map((entry) => {
    const name: unknown = Array.isArray(entry) ? entry[0] : undefined;
    if (typeof name !== 'string') throw brokenFile(message('kerasFiles.ends'));
    return name;
  });
}
