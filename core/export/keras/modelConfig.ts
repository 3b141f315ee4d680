import { must } from '../../diagnostics/invariantError.ts';
import type { KerasLayer, Setting, Settings } from './kerasLayer.ts';
import type { KerasNetwork } from './writeNetwork.ts';

/** The version of Keras whose format is written. */
const KERAS_VERSION = '3.15.1';

/** The text of `metadata.json` in a `.keras` file; Keras ignores what it does not know. */
export function kerasMetadata(metadata: Readonly<Record<string, string>>): string {
  return JSON.stringify({ keras_version: KERAS_VERSION, ...metadata });
}

/**
 * The text of `config.json`: a functional model as `keras.saving.serialize_keras_object` describes it
 * (keras/src/models/functional.py), without what is a default.
 */
export function modelConfig({ layers, input, output }: KerasNetwork): string {
  const shapes = new Map(layers.map(({ name, shape }) => [name, [null, ...shape]]));
  const shapeOf = (name: string): readonly (number | null)[] =>
    must(shapes.get(name), `the shape of ${name}`);
  return JSON.stringify({
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name: MODEL_NAME,
      trainable: true,
      layers: layers.map((layer) => layerConfig(layer, shapeOf)),
      input_layers: [input, 0, 0],
      output_layers: [output, 0, 0],
    },
    registered_name: 'Functional',
    build_config: { input_shape: shapeOf(input) },
  });
}

/** The model's own name, in files and in `model.py`. */
export const MODEL_NAME = 'network';

const FLOAT32 = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
} as const;

function layerConfig(layer: KerasLayer, shapeOf: (name: string) => Setting): Settings {
  const { name, kind, operation, settings, inputs } = layer;
  const isInput = inputs.length === 0;
  const dtype = isInput ? 'float32' : FLOAT32;
  const [first] = inputs;
  return {
    module: operation === null ? 'keras.layers' : `keras.src.ops.${operation.module}`,
    class_name: kind,
    config: operation === null ? { name, dtype, ...settings } : { name, ...settings },
    registered_name: operation === null ? null : kind,
    ...(operation === null && inputs.length === 1 && first !== undefined
      ? { build_config: { input_shape: shapeOf(first) } }
      : {}),
    name,
    inbound_nodes: isInput ? [] : [callOf(layer, shapeOf)],
  };
}

function callOf(
  { inputs, takesList, callSettings }: KerasLayer,
  shapeOf: (name: string) => Setting,
): Settings {
  const tensors = inputs.map((source) => ({
    class_name: '__keras_tensor__',
    config: { shape: shapeOf(source), dtype: 'float32', keras_history: [source, 0, 0] },
  }));
  return { args: takesList ? [tensors] : tensors, kwargs: callSettings };
}
