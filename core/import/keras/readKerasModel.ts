import { must } from '../../diagnostics/invariantError.ts';
import { createDocument } from '../../document/create.ts';
import type { GraphDocument } from '../../document/schema.ts';
import { autoLayout } from '../../layout/autoLayout.ts';
import { elementCount } from '../../program/shape.ts';
import { message } from '../../words/message.ts';
import { brokenFile, namingFile, unsupportedFile } from '../fileFault.ts';
import type { ForeignNetwork } from '../foreignModel.ts';
import type { H5Group } from './h5Group.ts';
import { addInput } from './kerasInput.ts';
import { kerasWeights, type KerasWeights } from './kerasWeights.ts';
import type { LayerCall, LayerGraph } from './layer.ts';
import type { LayerContext } from './layerContext.ts';
import { readLayerGraph } from './layerGraph.ts';
import { conversionOf } from './layerKinds.ts';
import { hasPlainOrder } from './layers/shape.ts';
import { NetworkBuilder } from './networkBuilder.ts';
import type { OwnPreparation } from './ownPreparation.ts';
import { byteScaling, type ByteScaling } from './byteScaling.ts';
import type { Tensor } from './tensor.ts';

/** A Keras model rebuilt of our blocks. */
export interface KerasNetwork extends ForeignNetwork {
  readonly format: 'keras';
  /** How bytes become inputs: by layers of the model, or by its caller; null where the file does not say. */
  readonly preprocessing: ByteScaling | null;
}

/** The parts of a Keras file. */
export interface KerasParts {
  /** The parsed JSON of `config.json`, or of the attribute `model_config` of an old file. */
  readonly config: unknown;
  /** The root of the HDF5 file. */
  readonly weights: H5Group;
  /** `3.15.1`; null where the file does not say. */
  readonly version: string | null;
  /** What the file says where NormLab wrote it. */
  readonly own?: OwnPreparation | null;
}

/**
 * Rebuilds a Sequential or Functional model of our blocks, with weights and statistics. Throws
 * `AppError('model-invalid')` for a file that violates the format and `AppError('model-unsupported')` for layers and
 * settings that have no block.
 */
export function readKerasModel(parts: KerasParts, fileName: string): KerasNetwork {
  return namingFile(fileName, () => rebuild(parts));
}

function rebuild({ config, weights: root, version, own = null }: KerasParts): KerasNetwork {
  const layers = readLayerGraph(config);
  const weights = kerasWeights(root);
  const network = new NetworkBuilder();
  addLayers(network, layers, weights, version);
  const scaling = network.scaling === null ? null : byteScaling(network.scaling);
  const preprocessing = own?.normalization ?? scaling;
  const document = documentOf(layers.name, network);
  if (preprocessing === null) network.notes.push(message('kerasFiles.noPreprocessing'));
  if (weights.optimizerTensors > 0)
    network.notes.push(message('kerasFiles.optimizer', { count: weights.optimizerTensors }));
  return {
    kind: 'network',
    format: 'keras',
    document: own === null ? document : { ...document, data: own.data },
    values: network.values,
    unexpected: weights.tensors.filter((tensor) => !network.isUsed(tensor)).map(({ name }) => name),
    classNames: own?.classNames ?? null,
    notes: network.notes,
    preprocessing,
  };
}

function documentOf(name: string, { graph }: NetworkBuilder): GraphDocument {
  return { ...createDocument(name), graph, layout: { positions: autoLayout(graph) } };
}

/** Adds the blocks of all layers, and the Output. */
function addLayers(
  network: NetworkBuilder,
  { calls, output }: LayerGraph,
  weights: KerasWeights,
  version: string | null,
): void {
  const channelsFirst = isChannelsFirst(calls);
  const major = Number.parseInt(version ?? '3', 10) || 3;
  const results: Tensor[] = [];
  calls.forEach((call, index) => {
    if (index === 0) {
      results.push(addInput(network, call.layer, channelsFirst));
      return;
    }
    const context = { ...contextOf(call, results), network, channelsFirst, major };
    results.push(convert({ ...context, tensors: weights.of(call.layer), isLast: index === output }));
  });
  addOutput(network, must(calls[output], 'the last layer'), must(results[output], 'the output of the model'));
}

function contextOf(
  { layer, inputs }: LayerCall,
  results: readonly Tensor[],
): Pick<LayerContext, 'layer' | 'inputs' | 'numbers' | 'isNumberFirst'> {
  const [first] = inputs;
  return {
    layer,
    inputs: inputs.flatMap((input) =>
      'call' in input ? [must(results[input.call], 'the output of an earlier layer')] : [],
    ),
    numbers: inputs.flatMap((input) => ('value' in input ? [input.value] : [])),
    isNumberFirst: first !== undefined && 'value' in first,
  };
}

function convert(context: LayerContext): Tensor {
  const { layer } = context;
  const conversion = conversionOf(context);
  if (conversion !== undefined) return conversion(context);
  if (layer.kind === 'Lambda') throw unsupportedFile(message('kerasFiles.lambda', { layer: layer.name }));
  throw unsupportedFile(message('kerasFiles.layerUnknown', { layer: layer.name, kind: layer.kind }));
}

/** The Output takes a vector: an image of one pixel is flattened, a larger one averaged. */
function addOutput(network: NetworkBuilder, { layer }: LayerCall, last: Tensor): void {
  const logits = network.settled(last, layer);
  if (!hasPlainOrder(logits)) throw unsupportedFile(message('kerasFiles.outputOrder', { layer: layer.name }));
  const isImage = logits.order === null;
  const isPixel = elementCount(logits.shape.slice(1)) === 1;
  if (isImage && !isPixel) network.notes.push(message('kerasFiles.pooledOutput', { layer: layer.name }));
  const kind = isPixel ? 'flatten' : 'globalAvgPool';
  const vector = isImage ? network.add({ layer, suffix: '_vector' }, kind, [logits]).tensor : logits;
  network.add({ layer: { ...layer, name: 'output' } }, 'output', [vector]);
}

/** Whether images are `[C, H, W]` in the file; all its layers must agree. Flatten has a setting of its own. */
function isChannelsFirst(calls: readonly LayerCall[]): boolean {
  const formats = new Set<unknown>();
  for (const { layer } of calls) {
    const format = layer.kind === 'Flatten' ? undefined : layer.settings.raw('data_format');
    if (format !== undefined) formats.add(format);
  }
  if (formats.size > 1) throw unsupportedFile(message('kerasFiles.twoLayouts'));
  const [format = 'channels_last'] = formats;
  if (format !== 'channels_last' && format !== 'channels_first')
    throw brokenFile(message('kerasFiles.strangeLayout'));
  return format === 'channels_first';
}
