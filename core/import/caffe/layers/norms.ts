import { must } from '../../../diagnostics/invariantError.ts';
import type { Params } from '../../../document/schema.ts';
import { message } from '../../../words/message.ts';
import { brokenFile } from '../../fileFault.ts';
import type { CaffeLayer } from '../caffeNet.ts';
import {
  axisOf,
  blobName,
  cannot,
  giveBlob,
  giveConstant,
  isFrozen,
  isPlainVector,
  onlyInput,
  type Convert,
  type LayerContext,
} from '../layerContext.ts';
import type { Built, Tensor } from '../network.ts';
import type { Settings } from '../settings.ts';

/**
 * `BatchNorm`, and the Scale behind it. Blobs are running sums of means and variances, and the weight of all of them
 * (batch_norm_layer.cpp): both are divided by it, and are 0 where it is 0. The variance is unbiased.
 */
export const convertBatchNorm: Convert = (context) => {
  const { layer, scale, network } = context;
  const settings = layer.settings.child('batch_norm_param');
  const hasBias = scale?.settings.child('scale_param').flag('bias_term', false) ?? false;
  const built = network.add(layer, 'batchNorm', [onlyInput(context)], {
    averaging: 'decay',
    decay: settings.number('moving_average_fraction', 0.999),
    epsilon: settings.number('eps', 1e-5),
    variance: 'unbiased',
    ...trainedParams(scale, hasBias),
    ...(settings.flag('use_global_stats', false) ? { normalizeBy: 'stored', updateStatistics: false } : {}),
  });
  giveStatistics(context, built);
  if (scale === null) giveConstant(context, built, 'gamma', 1);
  else giveBlob(network, built, { layer: scale, index: 0, field: 'gamma' });
  if (scale === null || !hasBias) giveConstant(context, built, 'beta', 0);
  else giveBlob(network, built, { layer: scale, index: 1, field: 'beta' });
  return { ...built.tensor, isPixel: onlyInput(context).isPixel };
};

/** Gamma and beta train where the file has them and does not set their `lr_mult` to 0. */
function trainedParams(scale: CaffeLayer | null, hasBias: boolean): Params {
  const trains = (index: number): boolean => scale !== null && scale.rates[index] !== 0;
  return { trainGamma: trains(0), trainBeta: hasBias && trains(1) };
}

function giveStatistics({ layer, network }: LayerContext, built: Built): void {
  const [mean, variance, weight] = layer.blobs;
  if (mean === undefined) return;
  const name = blobName(layer, 2);
  if (variance === undefined || weight === undefined)
    throw brokenFile(message('caffeFiles.statistics', { layer: layer.name, found: layer.blobs.length }));
  weight.check(name);
  const total = weight.read();
  if (total.length !== 1) {
    const values = { name, found: weight.dims.join(' × '), wanted: '1' };
    throw brokenFile(message('caffeFiles.blobDims', values));
  }
  const [sum = 0] = total;
  const factor = sum === 0 ? 0 : 1 / sum;
  const scaled = (values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> =>
    values.map((value) => value * factor);
  giveBlob(network, built, { layer, index: 0, field: 'mean' }, scaled);
  giveBlob(network, built, { layer, index: 1, field: 'variance' }, scaled);
  network.used.add(name);
}

/** True for a Scale that is one block with the BatchNorm before it: one factor for each channel. */
export function isChannelScale({ type, settings, bottoms }: CaffeLayer): boolean {
  const params = settings.child('scale_param');
  const axis = params.whole('axis', 1);
  const isEachChannel = (axis === 1 || axis === -3) && params.whole('num_axes', 1) === 1;
  return type === 'Scale' && bottoms.length === 1 && isEachChannel;
}

/**
 * `Scale` without a BatchNorm before it: a depthwise convolution of one pixel. With a second input it multiplies: by a
 * value for each channel, or by an image of the same size.
 */
export const convertScale: Convert = (context) => {
  const { layer, inputs, network } = context;
  const settings = layer.settings.child('scale_param');
  const hasBias = settings.flag('bias_term', false);
  if (inputs.length === 2) return gated(context, settings, hasBias);
  checkChannels(context, settings);
  const built = depthwise(context, hasBias, isFrozen(layer, hasBias ? 2 : 1));
  giveBlob(network, built, { layer, index: 0, field: 'weights' });
  giveBlob(network, built, { layer, index: 1, field: 'bias' });
  return settled(context, built);
};

/** `Bias` with values of its own: a depthwise convolution of one pixel whose weights are 1. */
export const convertBias: Convert = (context) => {
  const { layer, network } = context;
  checkChannels(context, layer.settings.child('bias_param'));
  const built = depthwise(context, true, isFrozen(layer, 1));
  giveConstant(context, built, 'weights', 1);
  giveBlob(network, built, { layer, index: 0, field: 'bias' });
  return settled(context, built);
};

/** `Power` with the exponent 1: `scale · x + shift`, which nothing trains. */
export const convertPower: Convert = (context) => {
  const { layer } = context;
  const settings = layer.settings.child('power_param');
  const power = settings.number('power', 1);
  const [scale, shift] = [settings.number('scale', 1), settings.number('shift', 0)];
  if (power !== 1) throw cannot(context, `power ${power}`);
  if (scale === 1 && shift === 0) return onlyInput(context);
  const built = depthwise(context, true, true);
  giveConstant(context, built, 'weights', scale);
  giveConstant(context, built, 'bias', shift);
  return settled(context, built);
};

/** A vector is taken as an image of one pixel, and turned back by `settled`. */
function depthwise(context: LayerContext, bias: boolean, isFixed: boolean): Built {
  const { layer, network } = context;
  const input = onlyInput(context);
  const source = network.image({ ...input, isPixel: input.shape.length === 1 }, layer);
  const channels = must(source.shape[0], 'the channels');
  return network.add(layer, 'conv2d', [source], {
    ...{ filters: channels, groups: channels, kernel: 1, padding: 'valid', bias },
    ...(isFixed ? { trainWeights: false } : {}),
  });
}

function settled(context: LayerContext, { tensor }: Built): Tensor {
  return isPlainVector(onlyInput(context)) ? context.network.vector(tensor, context.layer) : tensor;
}

function checkChannels(context: LayerContext, settings: Settings): void {
  const [axis, count] = [settings.whole('axis', 1), settings.whole('num_axes', 1)];
  if (axisOf(axis, onlyInput(context)) !== 1) throw cannot(context, `axis ${axis}`);
  if (count !== 1) throw cannot(context, `num_axes ${count}`);
}

function gated(context: LayerContext, settings: Settings, hasBias: boolean): Tensor {
  const { layer, inputs, network } = context;
  const [values, gate] = [must(inputs[0], 'values'), must(inputs[1], 'a gate')];
  const axis = settings.whole('axis', 1);
  const isEachChannel = isPlainVector(gate) && gate.shape[0] === values.shape[0];
  const isSame = gate.shape.join() === values.shape.join() && gate.isPixel === values.isPixel;
  if (axisOf(axis, values) !== 0 || !(isEachChannel || isSame)) throw cannot(context, `axis ${axis}`);
  if (hasBias) throw cannot(context, 'bias_term true');
  const { tensor } = network.add(layer, 'multiply', [values, gate], { inputs: 2 });
  return { ...tensor, isPixel: values.isPixel };
}
