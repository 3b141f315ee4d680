import type { GraphDocument } from '../../document/schema.ts';
import type { Readout } from '../../losses/definition.ts';
import { inEnglish } from '../../words/catalogues.ts';
import { message, type Message } from '../../words/message.ts';
import { readoutOf } from '../readout.ts';
import type { TrainedModel } from '../trainedModel.ts';
import { FIXED_NAMES, type CaffePlan, type NamedLayer } from './caffePlan.ts';
import { layerOfBlock, writeProtoText, type TextLayer } from './prototxt.ts';

/** Images of a batch of `train_val.prototxt`. */
const BATCH_SIZES = { TRAIN: 32, TEST: 50 } as const;

interface Description {
  readonly model: TrainedModel;
  readonly plan: CaffePlan;
  /** The first layer and those of the plan. */
  readonly layers: readonly NamedLayer[];
}

/** `deploy.prototxt`: one image of bytes in, probabilities out. */
export function deployText({ model, plan, layers }: Description): string {
  const { channels, height, width } = model.preprocessing;
  const dim = [1, channels, height, width];
  const input: TextLayer = {
    ...{ name: FIXED_NAMES.data, type: 'Input', tops: [FIXED_NAMES.data] },
    settings: { input_param: { shape: { dim } } },
  };
  const comments = [...headOf(model), ...plan.notes.map((note) => inEnglish(note))];
  const body = layers.map((layer) => layerOfBlock(layer, false));
  return writeProtoText(model.document.name, comments, [
    input,
    ...body,
    ...readoutLayers(model, plan.logits),
  ]);
}

/** `train_val.prototxt`: the same layers with sources of images, loss and accuracy. */
export function trainText({ model, plan, layers }: Description): string {
  const comments = [
    ...headOf(model),
    'train.txt and val.txt have a line for each image: its path, a space, and its class counted from 0.',
    ...plan.notes.map((note) => inEnglish(note)),
    ...lossNotes(model.document, model.graph.logitCount).map((note) => inEnglish(note)),
  ];
  const sources = [sourceOf(model, 'TRAIN'), sourceOf(model, 'TEST')];
  const body = layers.map((layer) => layerOfBlock(layer, true));
  return writeProtoText(model.document.name, comments, [...sources, ...body, ...endsOf(model, plan.logits)]);
}

function headOf({ preprocessing, provenance }: TrainedModel): string[] {
  const order = preprocessing.channels === 3 ? ', channels blue, green, red' : '';
  return [
    `Written by NormLab ${provenance.normlabVersion}; normlab.json describes the files.`,
    `Input: pixel values 0 to 255${order}; the layer ${FIXED_NAMES.normalize} normalizes them.`,
  ];
}

function sourceOf({ preprocessing }: TrainedModel, phase: 'TRAIN' | 'TEST'): TextLayer {
  const { channels, height, width } = preprocessing;
  return {
    ...{ name: FIXED_NAMES.data, type: 'ImageData', phase, tops: [FIXED_NAMES.data, FIXED_NAMES.label] },
    settings: {
      image_data_param: {
        source: phase === 'TRAIN' ? 'train.txt' : 'val.txt',
        batch_size: BATCH_SIZES[phase],
        ...(phase === 'TRAIN' ? { shuffle: true } : {}),
        ...{ new_height: height, new_width: width, is_color: channels === 3 },
      },
    },
  };
}

const READOUT_TYPES: Readonly<Record<Readout, string | null>> = {
  softmax: 'Softmax',
  sigmoid: 'Sigmoid',
  clip: null,
};

/**
 * `prob`, as the loss reads logits. Without one a Power that changes nothing ends the network, so that no reader takes
 * a last Softmax or Sigmoid of the network itself for it.
 */
function readoutLayers({ document, graph }: TrainedModel, logits: string): TextLayer[] {
  const type = READOUT_TYPES[readoutOf(document.training.loss, graph.logitCount)];
  return [{ name: FIXED_NAMES.prob, type: type ?? 'Power', bottoms: [logits] }];
}

/** The loss, and the accuracy where Caffe's layer has the classes as its inputs. */
function endsOf({ graph }: TrainedModel, logits: string): TextLayer[] {
  const { label, loss, accuracy } = FIXED_NAMES;
  const bottoms = [logits, label];
  if (graph.logitCount === 1) return [{ name: loss, type: 'SigmoidCrossEntropyLoss', bottoms, tops: [loss] }];
  return [
    { name: loss, type: 'SoftmaxWithLoss', bottoms, tops: [loss] },
    { name: accuracy, type: 'Accuracy', phase: 'TEST', bottoms, tops: [accuracy] },
  ];
}

/** Says where `train_val.prototxt` has another loss than the training had. */
export function lossNotes(
  { training }: Pick<GraphDocument, 'training'>,
  logitCount: number,
): readonly Message[] {
  const { kind } = training.loss;
  if (kind === (logitCount === 1 ? 'binaryCrossEntropy' : 'crossEntropy')) return [];
  const found = logitCount === 1 ? 'SigmoidCrossEntropyLoss' : 'SoftmaxWithLoss';
  return [message('bundles.caffeLoss', { loss: kind, found })];
}
