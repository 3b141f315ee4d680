import { elementCount, sameShape, type Shape } from '../../../program/shape.ts';
import { cannot, onlyInput, settledInput, type Convert, type LayerContext } from '../layerContext.ts';
import { ZEROS, type Border, type Sides, type Tensor } from '../tensor.ts';
import { isPlain, isSameOrder, plainOrder, type VectorOrder } from '../vectorOrder.ts';

/** `Flatten`. In the file it puts the channels of a pixel together, also in a model with channels first. */
export const convertFlatten: Convert = (context) => {
  const { layer, channelsFirst } = context;
  const planes = planesOf(context);
  if (planes !== null) return flattened(context, planes, true);
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
  const planes = planesOf(context);
  if (planes !== null) return ofPlanes(context, planes);
  const input = settledInput(context);
  const target = targetShape(context, input);
  if (sameShape(target, input.shape)) return input;
  const order =
    input.order ?? (channelsFirst ? plainOrder(elementCount(input.shape)) : [imageOrder(input.shape)]);
  if (target.length === 1) return flattened(context, input, channelsFirst);
  // As an image of one order the values must come in that order.
  const wanted = channelsFirst ? plainOrder(elementCount(target)) : [imageOrder(target)];
  // In our order, [C, H, W], it is an image once a Permute has put its channels last.
  if (!isSameOrder(order, wanted) && input.order !== null && isPlain(order)) return ofPlanes(context, input);
  if (!isSameOrder(order, wanted)) throw cannot(context, 'target_shape');
  const [channels = 1, height = 1, width = 1] = target;
  return network.add({ layer }, 'reshape', [input], { to: 'picture', channels, height, width }).tensor;
};

/** The input where its channels come first; null for any other. */
function planesOf(context: LayerContext): Tensor | null {
  const input = onlyInput(context);
  return input.pending?.kind === 'planes' ? { ...input, pending: null } : null;
}

/** A reshape of values in our order: to a vector, or to an image whose channels come first. */
function ofPlanes(context: LayerContext, input: Tensor): Tensor {
  const { layer, network } = context;
  const target = targetShape({ ...context, channelsFirst: true }, input);
  if (target.length === 1) return flattened(context, input, true);
  const [channels = 1, height = 1, width = 1] = target;
  const params = { to: 'picture', channels, height, width };
  const { tensor } = network.add({ layer }, 'reshape', [input], params);
  return { ...tensor, pending: { kind: 'planes', layer: layer.name } };
}

/** `Permute` that puts the channels of an image first, or last again. */
export const convertPermute: Convert = (context) => {
  const { layer, network, channelsFirst } = context;
  const dims = layer.settings.wholes('dims').join();
  const input = onlyInput(context);
  if (channelsFirst || input.shape.length !== 3) throw cannot(context, 'dims');
  const planes = planesOf(context);
  if (dims === '2,3,1' && planes !== null) return planes;
  const image = network.settled(input, layer);
  if (dims === '3,1,2') return { ...image, pending: { kind: 'planes', layer: layer.name } };
  const [channels = 1, height = 1, width = 1] = image.shape;
  // Rows of a grey image as channels: the values keep their order.
  if (dims !== '2,3,1' || channels !== 1) throw cannot(context, 'dims');
  const params = { to: 'picture', channels: height, height: width, width: 1 };
  return network.add({ layer }, 'reshape', [image], params).tensor;
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
  const input = settledInput(context);
  if (input.order !== null) throw cannot(context, 'padding');
  const [top, bottom, left, right] = sidesOf(context);
  if ([top, bottom, left, right].some((side) => side < 0)) throw cannot(context, 'padding');
  if (top + bottom + left + right === 0) return input;
  return padded(context, input, { top, bottom, left, right }, ZEROS);
};

function padded({ layer }: LayerContext, input: Tensor, sides: Sides, border: Border): Tensor {
  return { ...input, pending: { kind: 'padded', sides, with: border, layer: layer.name } };
}

/** Borders by the `mode` of `keras.ops.pad`. */
const MODES: Readonly<Record<string, Border['border']>> = {
  constant: 'fill',
  reflect: 'reflect',
  symmetric: 'replicate',
};

/** `keras.ops.pad` of rows and columns. `symmetric` repeats the edge only where it pads a single pixel. */
export const convertPad: Convert = (context) => {
  const { layer, numbers, channelsFirst } = context;
  const input = settledInput(context);
  const mode = layer.settings.text('mode', 'constant');
  const border = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  const widths = layer.settings.flatNumbers('pad_width') ?? [];
  if (border === undefined || input.order !== null || channelsFirst) throw cannot(context, `mode ${mode}`);
  const [n0 = 0, n1 = 0, top = 0, bottom = 0, left = 0, right = 0, c0 = 0, c1 = 0] = widths;
  const isFit = widths.length === 8 && widths.every((side) => Number.isSafeInteger(side) && side >= 0);
  if (!isFit || n0 + n1 + c0 + c1 > 0) throw cannot(context, 'pad_width');
  if (border === 'replicate' && Math.max(...widths) > 1) throw cannot(context, 'pad_width');
  return padded(context, input, { top, bottom, left, right }, { border, value: numbers[0] ?? 0 });
};

/** `Cropping2D` right behind a transposed convolution: its padding cuts the output. */
export const convertCropping: Convert = (context) => {
  const { layer, network } = context;
  const input = settledInput(context);
  const [top, bottom, left, right] = sidesOf(context, 'cropping');
  if (top + bottom + left + right === 0) return input;
  const { kind, params } = network.recordOf(input);
  if (kind !== 'convTranspose2d' || params['padding'] === 'same') throw cannot(context, 'cropping');
  const of = (name: string): number => {
    const value = params['padding'] === 'explicit' ? params[name] : 0;
    return typeof value === 'number' ? value : 0;
  };
  const isUneven = params['asymmetric'] === true;
  return network.revise(input, layer, {
    ...{ padding: 'explicit', asymmetric: true },
    padY: top + of('padY'),
    padX: left + of('padX'),
    padBottom: bottom + of(isUneven ? 'padBottom' : 'padY'),
    padRight: right + of(isUneven ? 'padRight' : 'padX'),
  });
};

/** One number, `[y, x]`, or `[[top, bottom], [left, right]]`. */
function sidesOf(context: LayerContext, name = 'padding'): readonly [number, number, number, number] {
  const { settings } = context.layer;
  const given = settings.raw(name);
  const numbers = settings.flatNumbers(name) ?? [1];
  const isNested = Array.isArray(given) && given.length === 2 && given.every(Array.isArray);
  const [a = 0, b = 0, c = 0, d = 0] = numbers;
  if (isNested && numbers.length === 4) return [a, b, c, d];
  if (numbers.length === 1) return [a, a, a, a];
  if (numbers.length === 2) return [a, a, b, b];
  throw cannot(context, name);
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
