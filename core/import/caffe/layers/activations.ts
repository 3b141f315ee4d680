import type { Params } from '../../../document/schema.ts';
import {
  axisOf,
  cannot,
  giveBlob,
  isFrozen,
  onlyInput,
  type Convert,
  type LayerContext,
} from '../layerContext.ts';
import type { Tensor } from '../network.ts';

/** A layer that changes each value by itself: the block `kind` with parameters of the layer's settings. */
function elementwise(kind: string, paramsOf: (context: LayerContext) => Params = () => ({})): Convert {
  return (context) => unchangedForm(context, kind, paramsOf(context));
}

/** Adds a block whose output has the shape of its input. */
function unchangedForm(context: LayerContext, kind: string, params: Params): Tensor {
  const input = onlyInput(context);
  return { ...context.network.add(context.layer, kind, [input], params).tensor, isPixel: input.isPixel };
}

export const convertReLU: Convert = (context) => {
  const alpha = context.layer.settings.child('relu_param').number('negative_slope', 0);
  return alpha === 0 ? unchangedForm(context, 'relu', {}) : unchangedForm(context, 'leakyRelu', { alpha });
};

/** `PReLU`; the blob has one slope for each channel, or one for all. */
export const convertPReLU: Convert = (context) => {
  const { layer, network } = context;
  const shared = layer.settings.child('prelu_param').flag('channel_shared', false);
  const input = onlyInput(context);
  const frozen = isFrozen(layer, 1) ? { trainWeights: false } : {};
  const built = network.add(layer, 'prelu', [input], { shared, ...frozen });
  giveBlob(network, built, { layer, index: 0, field: 'weights' });
  return { ...built.tensor, isPixel: input.isPixel };
};

export const convertReLU6 = elementwise('relu6');
export const convertSigmoid = elementwise('sigmoid');
export const convertTanH = elementwise('tanh');

export const convertELU = elementwise('elu', ({ layer }) => ({
  alpha: layer.settings.child('elu_param').number('alpha', 1),
}));

export const convertDropout = elementwise('dropout', ({ layer }) => ({
  rate: layer.settings.child('dropout_param').number('dropout_ratio', 0.5),
}));

/** `Swish`: `x · sigmoid(beta · x)`, which is SiLU for a beta of 1. */
export const convertSwish = elementwise('silu', (context) => {
  const beta = context.layer.settings.child('swish_param').number('beta', 1);
  if (beta !== 1) throw cannot(context, `beta ${beta}`);
  return {};
});

/** `Clip` from 0 to 6 is ReLU6. */
export const convertClip = elementwise('relu6', (context) => {
  const settings = context.layer.settings.child('clip_param');
  const [least, most] = [settings.number('min', NaN), settings.number('max', NaN)];
  if (least !== 0 || most !== 6) throw cannot(context, `min ${least}, max ${most}`);
  return {};
});

/** `Softmax` over the channels, in the middle of a network. */
export const convertSoftmax = elementwise('softmax', (context) => {
  const axis = context.layer.settings.child('softmax_param').whole('axis', 1);
  if (axisOf(axis, onlyInput(context)) !== 1) throw cannot(context, `axis ${axis}`);
  return {};
});
