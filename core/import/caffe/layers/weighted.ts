import type { Params } from '../../../document/schema.ts';
import { transposeMatrix } from '../../transposeMatrix.ts';
import {
  axisOf,
  cannot,
  giveBlob,
  imageInput,
  isFrozen,
  onlyInput,
  type Convert,
  type LayerContext,
} from '../layerContext.ts';
import type { Built, Tensor } from '../network.ts';
import type { Settings } from '../settings.ts';
import { equalPair, pairOf } from './windows.ts';

/** `Convolution`; blobs are the kernel `[filters, C / groups, kH, kW]` and the bias. */
export const convertConvolution: Convert = (context) =>
  isDense(context) ? denseOfPixel(context) : convolution(context, 'conv2d');

/** A convolution of the one pixel behind a global pooling is a Dense. */
function isDense(context: LayerContext): boolean {
  const settings = context.layer.settings.child('convolution_param');
  const kernel = pairOf(context, settings, 'kernel_size', 0);
  const pad = pairOf(context, settings, 'pad', 0);
  const isPlain = settings.whole('group', 1) === 1 && settings.whole('axis', 1) === 1;
  return isPlain && onlyInput(context).isPixel && kernel.join() === '1,1' && pad.join() === '0,0';
}

function denseOfPixel(context: LayerContext): Tensor {
  const { layer, network } = context;
  const settings = layer.settings.child('convolution_param');
  const built = addDense(context, onlyInput(context), settings);
  giveBlob(network, built, { layer, index: 0, field: 'weights' });
  giveBlob(network, built, { layer, index: 1, field: 'bias' });
  return { ...built.tensor, isPixel: true };
}

/** `Deconvolution`; the kernel is `[C, filters / groups, kH, kW]`. */
export const convertDeconvolution: Convert = (context) => convolution(context, 'convTranspose2d');

function convolution(context: LayerContext, kind: 'conv2d' | 'convTranspose2d'): Tensor {
  const { layer, network } = context;
  const input = imageInput(context);
  const settings = layer.settings.child('convolution_param');
  const axis = settings.whole('axis', 1);
  if (axisOf(axis, input) !== 1) throw cannot(context, `axis ${axis}`);
  const [kernelY, kernelX] = pairOf(context, settings, 'kernel_size', 0);
  const [padY, padX] = pairOf(context, settings, 'pad', 0);
  const bias = settings.flag('bias_term', true);
  const built = network.add(layer, kind, [input], {
    filters: settings.whole('num_output', 0),
    kernel: kernelY,
    ...(kernelX === kernelY ? {} : { rectangular: true, kernelX }),
    stride: equalPair(context, settings, 'stride', 1),
    dilation: equalPair(context, settings, 'dilation', 1),
    ...(padY === 0 && padX === 0 ? { padding: 'valid' } : { padding: 'explicit', padY, padX }),
    groups: settings.whole('group', 1),
    ...weightParams(context, bias),
  });
  giveBlob(network, built, { layer, index: 0, field: 'weights' });
  giveBlob(network, built, { layer, index: 1, field: 'bias' });
  return built.tensor;
}

/**
 * `InnerProduct`; the input is flattened, which Caffe does by itself. Blobs are the matrix `[units, F]`, or
 * `[F, units]` where `transpose` is set, and the bias.
 */
export const convertInnerProduct: Convert = (context) => {
  const { layer, network } = context;
  const settings = layer.settings.child('inner_product_param');
  const input = onlyInput(context);
  const axis = settings.whole('axis', 1);
  if (axisOf(axis, input) !== 1) throw cannot(context, `axis ${axis}`);
  const built = addDense(context, network.vector(input, layer), settings);
  giveMatrix(context, built, settings.flag('transpose', false));
  giveBlob(network, built, { layer, index: 1, field: 'bias' });
  return built.tensor;
};

function addDense(context: LayerContext, vector: Tensor, settings: Settings): Built {
  const units = settings.whole('num_output', 0);
  const params = weightParams(context, settings.flag('bias_term', true));
  return context.network.add(context.layer, 'dense', [vector], { units, ...params });
}

function giveMatrix({ layer, network }: LayerContext, built: Built, isTransposed: boolean): void {
  const [units = 1, features = 1] = built.slots.get('weights') ?? [];
  giveBlob(network, built, { layer, index: 0, field: 'weights', isTransposed }, (values) =>
    isTransposed ? transposeMatrix(values, features, units) : values,
  );
}

function weightParams({ layer }: LayerContext, bias: boolean): Params {
  return { bias, ...(isFrozen(layer, bias ? 2 : 1) ? { trainWeights: false } : {}) };
}
