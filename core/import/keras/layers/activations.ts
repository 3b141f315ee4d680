import { addActivation, layerActivation } from '../activation.ts';
import {
  cannot,
  giveTensors,
  isChannelAxis,
  onlyInput,
  settledInput,
  type Convert,
} from '../layerContext.ts';
import { asIs, featureValues } from '../slotValues.ts';

/** `Activation`, `ReLU`, `LeakyReLU`, `ELU`, `GELU`: no tensors. */
export const convertActivation: Convert = (context) => {
  const { layer } = context;
  const input = onlyInput(context);
  const block = layerActivation(context, layer.kind, layer.settings);
  const { pending } = input;
  // x + 3, then ReLU6, then times 1 / 6: a hard sigmoid, as MobileNetV3 writes it.
  if (pending?.kind === 'shifted' && !pending.isClipped && block?.kind === 'relu6')
    return { ...input, pending: { ...pending, isClipped: true } };
  return addActivation(context, input, block);
};

/** `Softmax` over the channels. */
export const convertSoftmax: Convert = (context) => {
  const { layer } = context;
  const axes = layer.settings.wholes('axis', -1);
  const [axis = 0] = axes;
  if (axes.length !== 1 || !isChannelAxis(context, onlyInput(context), axis)) throw cannot(context, 'axis');
  return addActivation(context, onlyInput(context), { kind: 'softmax' });
};

/** `PReLU` with one slope per channel, or one for all. */
export const convertPrelu: Convert = (context) => {
  const { layer, network, channelsFirst } = context;
  const input = settledInput(context);
  const [channels = 1, ...pixels] = input.shape;
  const rank = input.shape.length;
  const given = layer.settings.raw('shared_axes') === undefined ? [] : layer.settings.wholes('shared_axes');
  const isShared = (axis: number): boolean => given.includes(axis) || given.includes(axis - rank - 1);
  // Axes of the file, the batch is 0: its channels are the last axis, or the first after the batch.
  const channelAxis = channelsFirst && rank === 3 ? 1 : rank;
  const pixelAxes = [1, 2, 3].filter((axis) => axis <= rank && axis !== channelAxis);
  if (!pixelAxes.every((axis, index) => isShared(axis) || pixels[index] === 1))
    throw cannot(context, 'shared_axes');
  const shared = isShared(channelAxis);
  const built = network.add({ layer, order: input.order }, 'prelu', [input], { shared });
  const size = shared ? 1 : channels;
  const fileDims = [1, 2, 3].filter((axis) => axis <= rank).map((axis) => (axis === channelAxis ? size : 1));
  const inOrder = input.order !== null && !shared;
  const recipe = inOrder ? featureValues(input.order, fileDims) : asIs(fileDims);
  giveTensors(context, [{ field: 'weights', built, recipe }]);
  return built.tensor;
};
