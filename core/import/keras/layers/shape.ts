import { elementCount, sameShape, type Shape } from '../../../program/shape.ts';
import { cannot, settledInput, type Convert, type LayerContext } from '../layerContext.ts';
import type { Tensor } from '../tensor.ts';
import { isPlain, isSameOrder, plainOrder, type VectorOrder } from '../vectorOrder.ts';

/** `Flatten`. In the file it puts the channels of a pixel together, also in a model with channels first. */
export const convertFlatten: Convert = (context) => {
  const { layer, channelsFirst } = context;
  const isFirst = layer.settings.text('data_format', 'channels_last') === 'channels_first';
  if (isFirst && !channelsFirst) throw cannot(context, 'data_format channels_first');
  return flattened(context, settledInput(context), channelsFirst && !isFirst);
};

/** The vector of an image; `isPlainOrder`: the file has our order. A vector stays as it is. */
function flattened(context: LayerContext, input: Tensor, isPlainOrder: boolean): Tensor {
  if (input.order !== null) return input;
  const { layer, network } = context;
  const order = isPlainOrder ? plainOrder(elementCount(input.shape)) : [imageOrder(input.shape)];
  return network.add({ layer, order }, 'flatten', [input]).tensor;
}

function imageOrder([channels = 1, height = 1, width = 1]: Shape): VectorOrder[number] {
  return { channels, height, width };
}

/** `Reshape` to a vector, to a vector's own image, or to one pixel. */
export const convertReshape: Convert = (context) => {
  const { layer, network, channelsFirst } = context;
  const input = settledInput(context);
  const target = targetShape(context, input);
  if (sameShape(target, input.shape)) return input;
  const order =
    input.order ?? (channelsFirst ? plainOrder(elementCount(input.shape)) : [imageOrder(input.shape)]);
  if (target.length === 1) return flattened(context, input, channelsFirst);
  // As an image of one order the values must come in that order.
  const wanted = channelsFirst ? plainOrder(elementCount(target)) : [imageOrder(target)];
  if (!isSameOrder(order, wanted)) throw cannot(context, 'target_shape');
  const [channels = 1, height = 1, width = 1] = target;
  return network.add({ layer }, 'reshape', [input], { to: 'picture', channels, height, width }).tensor;
};

/** The target as `[C, H, W]` or `[F]`, without a −1. */
function targetShape(context: LayerContext, { shape }: Tensor): Shape {
  const target = context.layer.settings.wholes('target_shape');
  const count = elementCount(shape);
  const known = elementCount(target.filter((size) => size !== -1));
  const filled = target.map((size) => (size === -1 ? count / known : size));
  const isImage = filled.length === 3;
  if ((!isImage && filled.length !== 1) || elementCount(filled) !== count || !filled.every(isSize))
    throw cannot(context, `target_shape ${target.join(' × ')}`);
  const [first = 1, second = 1, third = 1] = filled;
  if (!isImage) return [first];
  return context.channelsFirst ? [first, second, third] : [third, first, second];
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 1;
}

/** `ZeroPadding2D`, kept back for the convolution behind it; a Pad block where something else reads it. */
export const convertZeroPadding: Convert = (context) => {
  const { layer } = context;
  const input = settledInput(context);
  if (input.order !== null) throw cannot(context, 'padding');
  const [top, bottom, left, right] = sidesOf(context);
  if ([top, bottom, left, right].some((side) => side < 0)) throw cannot(context, 'padding');
  if (top + bottom + left + right === 0) return input;
  return { ...input, pending: { kind: 'padded', sides: { top, bottom, left, right }, layer: layer.name } };
};

/** One number, `[y, x]`, or `[[top, bottom], [left, right]]`. */
function sidesOf(context: LayerContext): readonly [number, number, number, number] {
  const { settings } = context.layer;
  const given = settings.raw('padding');
  const numbers = settings.flatNumbers('padding') ?? [1];
  const isNested = Array.isArray(given) && given.length === 2 && given.every(Array.isArray);
  const [a = 0, b = 0, c = 0, d = 0] = numbers;
  if (isNested && numbers.length === 4) return [a, b, c, d];
  if (numbers.length === 1) return [a, a, a, a];
  if (numbers.length === 2) return [a, a, b, b];
  throw cannot(context, 'padding');
}

/** `UpSampling2D` by the same factor in both directions. */
export const convertUpsampling: Convert = (context) => {
  const { layer, network } = context;
  const [factorY, factorX] = layer.settings.pair('size', 2);
  const interpolation = layer.settings.text('interpolation', 'nearest');
  if (factorY !== factorX) throw cannot(context, `size ${factorY} × ${factorX}`);
  if (interpolation !== 'nearest' && interpolation !== 'bilinear')
    throw cannot(context, `interpolation ${interpolation}`);
  return network.add({ layer }, 'upsample', [settledInput(context)], { factor: factorY, interpolation })
    .tensor;
};

/** Whether a vector at the end has our order, so that its values are the classes in order. */
export function hasPlainOrder({ order }: Tensor): boolean {
  return order === null || isPlain(order);
}
