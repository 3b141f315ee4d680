import { AppError } from '../../diagnostics/appError.ts';
import { createDocument } from '../../document/create.ts';
import { NORMALIZATION_LIMITS } from '../../document/normalization.ts';
import type { GraphDocument } from '../../document/schema.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import { firstError } from '../../graph/firstError.ts';
import { lossOf } from '../../losses/registry.ts';
import { message } from '../../words/message.ts';
import { namingFile, unsupportedFile } from '../fileFault.ts';
import type { ForeignNetwork, ModelFile } from '../foreignModel.ts';
import { placeBlocks } from '../placeBlocks.ts';
import { withNormalization, type ByteNormalization } from '../withPreprocessing.ts';
import { caffeNet, type CaffeNet } from './caffeNet.ts';
import { decodeNet } from './decodeNet.ts';
import { filesOf, type NamedFile } from './partner.ts';
import { sourcesOf } from './phases.ts';
import { preparationOf } from './preprocessing.ts';
import { parseProtoText } from './protoText.ts';
import { rebuild, type Rebuilt } from './rebuild.ts';

const LONGEST_PROJECT_NAME = 120;

/**
 * Reads a model of Caffe: `file` is its `.caffemodel` or its `.prototxt`, and the other is found beside it by the same
 * name, or as the only one. A `.caffemodel` alone suffices where it has its layers, as snapshots of training do. The
 * network is rebuilt of our blocks as Caffe computes it in its phase TEST, with the preparation of images in its
 * project. Throws `AppError`: 'model-invalid' for a broken or missing file, 'model-unsupported' where no block computes
 * the same as one of the layers.
 */
export function readCaffeFile(file: ModelFile): ForeignNetwork {
  const { text, weights } = filesOf(file);
  const held = namingFile(weights.name, () => caffeNet(decodeNet(weights.bytes)));
  const described = text === null ? null : namingFile(text.name, () => descriptionOf(text));
  const net = described ?? alone(held, weights.name);
  return namingFile((text ?? weights).name, () => {
    const rebuilt = rebuild(net, held);
    const { network, unexpected, inputShape } = rebuilt;
    const sources = [...sourcesOf(net), ...(described === null ? [] : sourcesOf(held))];
    const [channels = 3] = inputShape;
    const { notes } = network;
    if (text !== null)
      notes.unshift(message('caffeFiles.twoFiles', { text: text.name, weights: weights.name }));
    const preparation = preparationOf(sources, channels, file, notes);
    const document = documentOf(rebuilt, net.name || stemOf(file.name));
    return {
      ...{ kind: 'network', format: 'caffe', values: network.values, unexpected, classNames: null, notes },
      document:
        preparation === null || !isPossible(preparation.scale)
          ? document
          : withNormalization(document, preparation.scale, preparation.settings),
    };
  });
}

function descriptionOf({ bytes }: NamedFile): CaffeNet {
  const net = caffeNet(parseProtoText(bytes));
  if (net.layers.length === 0) throw unsupportedFile(message('caffeFiles.noLayers'));
  return net;
}

/** The weights as a description of their own. */
function alone(held: CaffeNet, file: string): CaffeNet {
  if (held.layers.some(({ tops }) => tops.length > 0)) return held;
  throw new AppError('model-invalid', message('caffeFiles.noTextBeside', { file }), { where: file });
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/u, '');
}

function isPossible({ mean, deviation }: ByteNormalization): boolean {
  const { leastDeviation, deviation: most } = NORMALIZATION_LIMITS;
  return (
    mean.every((value) => Math.abs(value) <= NORMALIZATION_LIMITS.mean) &&
    deviation.every((value) => value >= leastDeviation && value <= most)
  );
}

/** Throws a fault where the rebuilt network is no valid one, such as one without trained weights. */
function documentOf({ network, logitCount }: Rebuilt, name: string): GraphDocument {
  const base = createDocument((name || 'Caffe').slice(0, LONGEST_PROJECT_NAME));
  const isMulticlass = logitCount > 1 || lossOf(base.training.loss.kind).ofOneLogit;
  const training = isMulticlass
    ? base.training
    : { ...base.training, loss: { kind: 'binaryCrossEntropy' } as const };
  const { graph } = network;
  const problem = firstError(checkGraph(graph, training).diagnostics);
  if (problem !== null) throw unsupportedFile(problem);
  return { ...base, training, graph, layout: { positions: placeBlocks(graph) } };
}
