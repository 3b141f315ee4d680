import { brokenFile, unsupportedFile } from '../fileFault.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { message } from '../../words/message.ts';
import type { InboundCall } from './inboundNodes.ts';
import type { Argument, KerasLayer, LayerCall, LayerGraph } from './layer.ts';
import { isModel, MOST_LAYERS, readModel, type Entry, type ModelEntry } from './modelEntry.ts';
import { dependencyOrder } from './dependencyOrder.ts';
import { isObject, Settings } from './settings.ts';

/** Models within models. */
const MOST_NESTING = 16;

/** A model inside a model: what its layers inherit from it. */
interface Around {
  readonly trainable: boolean;
  readonly isInference: boolean;
  readonly depth: number;
  /** Path of the model in Keras 3; empty for the outermost. */
  readonly path: string;
  readonly names: readonly string[];
}

/**
 * The layers of a Sequential or Functional model in the order of their dependencies, nested models dissolved. `config`
 * is the parsed JSON of `config.json` or of the attribute `model_config`. Throws a fault for a file that violates the
 * format, for several inputs or outputs, and for layers that are called twice.
 */
export function readLayerGraph(config: unknown): LayerGraph {
  if (!isObject(config) || typeof config['class_name'] !== 'string')
    throw brokenFile(message('kerasFiles.noLayers'));
  const model = readModel(config['class_name'], config['config']);
  const flattening = new Flattening();
  const output = flattening.addOutermost(model);
  return { name: model.name, calls: flattening.calls, output };
}

class Flattening {
  readonly calls: LayerCall[] = [];

  addOutermost(model: ModelEntry): number {
    const around = { trainable: true, isInference: false, depth: 0, path: '', names: [] };
    const entry = inputEntry(model, 0);
    const input = this.#addCall(layerOf(entry, around), []);
    const output = this.#addModel(model, [input], around);
    if ('value' in output) throw brokenFile(message('kerasFiles.ends'));
    return output.call;
  }

  #addModel(model: ModelEntry, inputs: readonly Argument[], around: Around): Argument {
    if (around.depth > MOST_NESTING)
      throw unsupportedFile(message('kerasFiles.nesting', { most: MOST_NESTING }));
    const inside = { ...around, trainable: around.trainable && model.trainable, depth: around.depth + 1 };
    return model.isSequential
      ? this.#addSequence(model, inputs, inside)
      : this.#addFunctional(model, inputs, inside);
  }

  #addSequence({ name, entries }: ModelEntry, inputs: readonly Argument[], around: Around): Argument {
    const [input] = inputs;
    if (input === undefined || inputs.length > 1)
      throw unsupportedFile(message('kerasFiles.severalInputs', { layer: name, inputs: inputs.length }));
    return entries.reduce<Argument>(
      (at, entry) => (entry.kind === 'InputLayer' ? at : this.#addEntry(entry, [at], around)),
      input,
    );
  }

  #addFunctional(model: ModelEntry, inputs: readonly Argument[], around: Around): Argument {
    if (inputs.length !== model.inputs.length)
      throw brokenFile(message('kerasFiles.inputs', { layer: model.name }));
    const [output] = model.outputs;
    if (output === undefined || model.outputs.length > 1)
      throw unsupportedFile(
        message('kerasFiles.severalOutputs', { layer: model.name, outputs: model.outputs.length }),
      );
    const done = new Map<string, Argument>();
    model.inputs.forEach((name, index) => done.set(name, must(inputs[index], 'an input of the model')));
    for (const entry of dependencyOrder(model.entries, output)) {
      if (done.has(entry.name)) continue;
      const call = entry.inbound;
      if (call === null) throw brokenFile(message('kerasFiles.inputs', { layer: entry.name }));
      const given = call.inputs.map((input) =>
        'value' in input ? input : must(done.get(input.from), 'an input that was added before'),
      );
      done.set(entry.name, this.#addEntry(entry, given, called(entry, call, around)));
    }
    return must(done.get(output), 'the output of the model');
  }

  #addEntry(entry: Entry, inputs: readonly Argument[], around: Around): Argument {
    const below = { ...around, path: pathOf(entry, around), names: [...around.names, entry.name] };
    if (isModel(entry.kind)) return this.#addModel(readModel(entry.kind, entry.config), inputs, below);
    return this.#addCall(layerOf(entry, around), inputs);
  }

  #addCall(layer: KerasLayer, inputs: readonly Argument[]): { readonly call: number } {
    if (this.calls.length >= MOST_LAYERS)
      throw unsupportedFile(message('kerasFiles.manyLayers', { most: MOST_LAYERS }));
    this.calls.push({ layer, inputs });
    return { call: this.calls.length - 1 };
  }
}

/**
 * Keras 3 writes `training=False` at every Dropout, where it has no effect: only models and BatchNorm are so called.
 */
function called({ kind }: Entry, { isInference }: InboundCall, around: Around): Around {
  const isMeant = isInference && (isModel(kind) || kind.includes('BatchNormalization'));
  return isMeant ? { ...around, isInference } : around;
}

function pathOf(entry: Entry, { path }: Around): string {
  return `${path === '' ? '' : `${path}/`}layers/${entry.counted}`;
}

function layerOf(entry: Entry, around: Around): KerasLayer {
  const settings = new Settings(entry.name, entry.config);
  const names = [...around.names, entry.name];
  return {
    name: entry.name,
    kind: entry.kind,
    settings,
    trainable: around.trainable && settings.flag('trainable', true),
    isInference: around.isInference,
    place: { path: pathOf(entry, around), topLayer: names[0] ?? '', names },
  };
}

/** The input of the outermost model, as an `InputLayer`; in a Sequential model its first layer may hold the shape. */
function inputEntry(model: ModelEntry, depth: number): Entry {
  if (model.isSequential) return firstOfSequence(model, depth);
  const [name] = model.inputs;
  if (name === undefined || model.inputs.length > 1)
    throw unsupportedFile(
      message('kerasFiles.severalInputs', { layer: model.name, inputs: model.inputs.length }),
    );
  const entry = model.entries.find((each) => each.name === name);
  if (entry?.kind !== 'InputLayer') throw brokenFile(message('kerasFiles.ends'));
  return entry;
}

function firstOfSequence(model: ModelEntry, depth: number): Entry {
  const [first] = model.entries;
  if (first === undefined) throw brokenFile(message('kerasFiles.noLayers'));
  if (first.kind === 'InputLayer') return first;
  if (isModel(first.kind) && depth < MOST_NESTING)
    return inputEntry(readModel(first.kind, first.config), depth + 1);
  const config = isObject(first.config) ? first.config : {};
  const shape = config['batch_input_shape'] ?? config['batch_shape'] ?? model.builtShape;
  return { name: 'input', kind: 'InputLayer', config: { batch_shape: shape }, counted: '', inbound: null };
}
