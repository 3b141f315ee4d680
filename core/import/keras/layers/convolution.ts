import type { Params } from '../../../document/schema.ts';
import { activate } from '../activation.ts';
import {
  cannot,
  giveTensors,
  onlyInput,
  settledInput,
  type Convert,
  type LayerContext,
  type Wanted,
} from '../layerContext.ts';
import type { Built } from '../networkBuilder.ts';
import { asIs, convKernel, depthwiseKernel, transposedKernel } from '../slotValues.ts';
import type { Border, Tensor } from '../tensor.ts';

/** `Conv2D`. */
export const convertConv2d: Convert = (context) => {
  const { layer } = context;
  const filters = layer.settings.whole('filters');
  const groups = layer.settings.whole('groups', 1);
  const built = addConv(context, { filters, groups, bias: hasBias(context) });
  giveTensors(context, [
    { field: 'weights', built, recipe: convKernel(slot(built, 'weights')) },
    ...biasOf(context, built),
  ]);
  return activate(context, built.tensor);
};

/** `DepthwiseConv2D`: a convolution with as many groups as channels. */
export const convertDepthwise: Convert = (context) => {
  const channels = channelsAt(context);
  const built = addConv(context, depthwise(context, channels, hasBias(context)));
  giveTensors(context, [
    { field: 'weights', built, recipe: depthwiseKernel(slot(built, 'weights'), channels) },
    ...biasOf(context, built),
  ]);
  return activate(context, built.tensor);
};

/** `SeparableConv2D`: a depthwise convolution without bias, then one of 1 × 1 with all filters. */
export const convertSeparable: Convert = (context) => {
  const { layer, network } = context;
  const channels = channelsAt(context);
  const first = addConv(context, depthwise(context, channels, false), '_depthwise');
  const params = { filters: layer.settings.whole('filters'), kernel: 1, padding: 'valid' };
  const second = network.add({ layer }, 'conv2d', [first.tensor], { ...params, bias: hasBias(context) });
  giveTensors(context, [
    { field: 'weights', built: first, recipe: depthwiseKernel(slot(first, 'weights'), channels) },
    { field: 'weights', built: second, recipe: convKernel(slot(second, 'weights')) },
    ...biasOf(context, second),
  ]);
  return activate(context, second.tensor);
};

/** `Conv2DTranspose`. */
export const convertTransposed: Convert = (context) => {
  const { layer, network } = context;
  const { settings } = layer;
  const built = network.add({ layer }, 'convTranspose2d', [settledInput(context)], {
    filters: settings.whole('filters'),
    groups: settings.whole('groups', 1),
    bias: hasBias(context),
    ...kernelParams(context),
    ...transposedPadding(context),
  });
  giveTensors(context, [
    { field: 'weights', built, recipe: transposedKernel(slot(built, 'weights')) },
    ...biasOf(context, built),
  ]);
  return activate(context, built.tensor);
};

function addConv(context: LayerContext, params: Params, suffix = ''): Built {
  const { layer, network } = context;
  const [source, padding] = paddedSource(context);
  return network.add({ layer, suffix }, 'conv2d', [source], {
    ...kernelParams(context),
    ...padding,
    ...params,
  });
}

function isZeros({ border, value }: Border): boolean {
  return border === 'fill' && value === 0;
}

function depthwise({ layer }: LayerContext, channels: number, bias: boolean): Params {
  return { filters: channels * layer.settings.whole('depth_multiplier', 1), groups: channels, bias };
}

function hasBias({ layer }: LayerContext): boolean {
  return layer.settings.flag('use_bias', true);
}

function biasOf(context: LayerContext, built: Built): readonly Wanted[] {
  return hasBias(context) ? [{ field: 'bias', built, recipe: asIs(slot(built, 'bias')) }] : [];
}

function slot(built: Built, field: string): readonly number[] {
  return built.slots.get(field) ?? [];
}

/** Channels of the image at the input. */
function channelsAt(context: LayerContext): number {
  return onlyInput(context).shape[0] ?? 1;
}

/** Kernel, stride and dilation; a stride or dilation of its own for each direction has no block. */
function kernelParams(context: LayerContext): Params {
  const { settings } = context.layer;
  const [height, width] = settings.pair('kernel_size');
  const [strideY, strideX] = settings.pair('strides', 1);
  const [dilationY, dilationX] = settings.pair('dilation_rate', 1);
  if (strideY !== strideX) throw cannot(context, `strides ${strideY} × ${strideX}`);
  if (dilationY !== dilationX) throw cannot(context, `dilation_rate ${dilationY} × ${dilationX}`);
  const rectangular = height === width ? {} : { rectangular: true, kernelX: width };
  return { kernel: height, ...rectangular, stride: strideY, dilation: dilationY };
}

/** The image to convolve and the padding; a ZeroPadding2D right before a convolution without padding joins it. */
function paddedSource(context: LayerContext): readonly [Tensor, Params] {
  const input = onlyInput(context);
  const padding = context.layer.settings.text('padding', 'valid');
  if (padding !== 'same' && padding !== 'valid') throw cannot(context, `padding ${padding}`);
  const { pending } = input;
  if (padding === 'same' || pending?.kind !== 'padded' || !isZeros(pending.with)) return [input, { padding }];
  const { top, bottom, left, right } = pending.sides;
  const isUneven = top !== bottom || left !== right;
  const uneven = isUneven ? { asymmetric: true, padBottom: bottom, padRight: right } : {};
  return [
    { ...input, pending: null },
    { padding: 'explicit', padY: top, padX: left, ...uneven },
  ];
}

/**
 * Keras' output is `in * stride` where the kernel is smaller than the stride and no output padding is given; with
 * padding 'valid' that is output padding (`deconv_output_length` of keras/src/backend).
 */
function transposedPadding(context: LayerContext): Params {
  const { settings } = context.layer;
  const padding = settings.text('padding', 'valid');
  const hasMore = settings.raw('output_padding') !== undefined;
  if (padding === 'same' && hasMore) throw cannot(context, 'output_padding');
  if (padding === 'same') return { padding };
  if (padding !== 'valid') throw cannot(context, `padding ${padding}`);
  const [height, width] = settings.pair('kernel_size');
  const [stride] = settings.pair('strides', 1);
  const usual = [Math.max(0, stride - height), Math.max(0, stride - width)] as const;
  const [y, x] = hasMore ? settings.pair('output_padding') : usual;
  const outputPadding = Math.max(y, x);
  if (outputPadding === 0) return { padding };
  const uneven =
    y === x ? {} : { asymmetric: true, padBottom: outputPadding - y, padRight: outputPadding - x };
  return { padding: 'explicit', padY: 0, padX: 0, outputPadding, ...uneven };
}
