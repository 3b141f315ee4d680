import { must } from '../../diagnostics/invariantError.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { ShapedGraph } from '../../graph/shapedGraph.ts';
import { moduleNames } from '../torch/moduleNames.ts';
import { indented, lineOf, plainLines, type SourceLine } from '../sourceLine.ts';
import { pythonText } from '../torch/python.ts';
import type { KerasLayer, Setting } from './kerasLayer.ts';
import { MODEL_NAME } from './modelConfig.ts';
import type { KerasNetwork } from './writeNetwork.ts';

/** Names that `model.py` itself uses. */
const OWN_NAMES = ['keras', 'layers', 'ops', 'build_network', 'load_network'];

/** The lines of `model.py`: a function that builds the same functional model, and one that loads its weights. */
export function modelSource(
  projectName: string,
  { layers, output }: KerasNetwork,
  { inputShape, logitCount, output: outputBlock }: ShapedGraph,
): readonly SourceLine[] {
  const [channels = 1, height = 1, width = 1] = inputShape;
  const usesOperations = layers.some(({ operation }) => operation !== null);
  const input = `[N, ${String(height)}, ${String(width)}, ${String(channels)}]`;
  return [
    ...plainLines(
      '"""A network of NormLab in Keras 3; the weights are in model.weights.h5, and all of it in model.keras."""',
      '',
      'import pathlib',
      '',
      'import keras',
      `from keras import layers${usesOperations ? ', ops' : ''}`,
      '',
      `PROJECT = ${pythonText(projectName)}`,
      '',
      '',
      'def build_network():',
      `    """Maps images ${input}, normalized as in predict.py, to logits [N, ${String(logitCount)}]."""`,
    ),
    ...indented(callLines(layers, output, outputBlock.id), 4),
    ...plainLines(
      '',
      '',
      'def load_network():',
      '    """The network with its trained weights."""',
      '    network = build_network()',
      '    network.load_weights(pathlib.Path(__file__).resolve().parent / "model.weights.h5")',
      '    return network',
    ),
  ];
}

/**
 * One statement for each layer. A value that only the next statement uses is called `x`; any other has the name of its
 * layer.
 */
function callLines(
  layers: readonly KerasLayer[],
  output: string,
  outputBlock: NodeId,
): readonly SourceLine[] {
  const uses = new Map<string, number>();
  for (const { inputs } of layers) for (const name of inputs) uses.set(name, (uses.get(name) ?? 0) + 1);
  const names = moduleNames(
    layers.map(({ name }) => name),
    OWN_NAMES,
  );
  const values = new Map<string, string>();
  const lines = layers.map((layer, at) => {
    const next = layers[at + 1];
    const isPassing = uses.get(layer.name) === 1 && next?.inputs.includes(layer.name) === true;
    const value =
      layer.inputs.length === 0 ? 'images' : isPassing ? 'x' : must(names.get(layer.name), layer.name);
    const inputs = layer.inputs.map((name) => must(values.get(name), `the value of ${name}`));
    values.set(layer.name, value);
    return lineOf(`${value} = ${expressionOf(layer, inputs)}`, layer.block);
  });
  const [input] = layers;
  const ends = [must(input, 'the input').name, output].map((name) => must(values.get(name), name));
  const model = `return keras.Model(${ends.join(', ')}, name=${pythonText(MODEL_NAME)})`;
  return [...lines, lineOf(model, outputBlock)];
}

function expressionOf(layer: KerasLayer, inputs: readonly string[]): string {
  const { kind, name, settings, callSettings, operation, takesList } = layer;
  const given = takesList ? `[${inputs.join(', ')}]` : inputs.join(', ');
  const named = (all: KerasLayer['settings']): string[] =>
    Object.entries(all).map(([key, value]) => `${key}=${literal(value)}`);
  if (operation !== null)
    return `ops.${operation.call}(${[given, ...named(settings), ...named(callSettings)].join(', ')})`;
  const constructed = `layers.${kind}(${[...named(settings), `name=${pythonText(name)}`].join(', ')})`;
  return inputs.length === 0 ? `${constructed}.output` : `${constructed}(${given})`;
}

/** A literal of Python: lists become tuples. */
function literal(value: Setting): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    const items = (value as readonly Setting[]).map(literal);
    return items.length === 1 ? `(${items.join('')},)` : `(${items.join(', ')})`;
  }
  const entries = Object.entries(value as { readonly [name: string]: Setting });
  return `{${entries.map(([key, each]) => `${pythonText(key)}: ${literal(each)}`).join(', ')}}`;
}
