type Config = Readonly<Record<string, unknown>>;

/** The entry of a layer in a Sequential model. */
export function layer(kind: string, config: Config = {}): Config {
  return { class_name: kind, config };
}

/** A Sequential model of Keras 3 with an input of this shape. */
export function sequential(shape: readonly (number | null)[], layers: readonly Config[]): Config {
  const input = layer('InputLayer', { name: 'input', batch_shape: [null, ...shape] });
  const named = layers.map((each, index) => withName(each, index));
  return { class_name: 'Sequential', config: { name: 'model', layers: [input, ...named] } };
}

function withName(entry: Config, index: number): Config {
  const config = entry['config'] as Config;
  const name = config['name'] ?? `${String(entry['class_name']).toLowerCase()}${index + 1}`;
  return { ...entry, config: { ...config, name } };
}

/** A tensor as an argument in Keras 3. */
export function tensorOf(from: string): Config {
  return { class_name: '__keras_tensor__', config: { shape: [null], keras_history: [from, 0, 0] } };
}

/** The entry of a layer in a Functional model of Keras 3. */
export function called(
  name: string,
  kind: string,
  config: Config,
  args: readonly unknown[],
  kwargs: Config = {},
): Config {
  return { class_name: kind, name, config: { name, ...config }, inbound_nodes: [{ args, kwargs }] };
}

/** The entry of a layer in a Functional model of Keras 2. */
export function calledBefore(name: string, kind: string, config: Config, ...from: readonly string[]): Config {
  const nodes = [from.map((source) => [source, 0, 0, {}])];
  return { class_name: kind, name, config: { name, ...config }, inbound_nodes: nodes };
}

/** A Functional model with one input of this shape, named `input`. */
export function functional(
  shape: readonly (number | null)[],
  layers: readonly Config[],
  output: string,
): Config {
  const input = {
    class_name: 'InputLayer',
    name: 'input',
    inbound_nodes: [],
    config: { batch_shape: [null, ...shape] },
  };
  return {
    class_name: 'Functional',
    config: {
      name: 'model',
      layers: [input, ...layers],
      input_layers: [['input', 0, 0]],
      output_layers: [[output, 0, 0]],
    },
  };
}
