import { add } from '../../../nodes/add.ts';
import { concat } from '../../../nodes/concat.ts';
import { dropout } from '../../../nodes/dropout.ts';
import { flatten } from '../../../nodes/flatten.ts';
import { input } from '../../../nodes/input.ts';
import { multiply } from '../../../nodes/multiply.ts';
import { output } from '../../../nodes/output.ts';
import { pad } from '../../../nodes/pad.ts';
import { reshape } from '../../../nodes/reshape.ts';
import { spatialDropout } from '../../../nodes/spatialDropout.ts';
import { stochasticDepth } from '../../../nodes/stochasticDepth.ts';
import { upsample } from '../../../nodes/upsample.ts';
import type { Sides } from '../../../nodes/window.ts';
import type { Shape } from '../../../program/shape.ts';
import { elementCount, sameShape } from '../../../program/shape.ts';
import { inputOf, orderOf, writerOf, type BlockContext, type KerasTensor } from '../layerSink.ts';
import { isPlainOrder, isSameOrder } from '../vectorOrder.ts';
import { pointwise } from './activations.ts';
import { settingsOf, zeroPadded } from './layers.ts';
import { framed, padOperation } from './pools.ts';

/** Vectors that are added must have the same order. */
function requireSameOrder(context: BlockContext): void {
  const [first, ...rest] = context.inputs.map(orderOf);
  if (first !== undefined && rest.some((order) => !isSameOrder(first, order))) context.needPlanar();
}

const sum = writerOf(add, (_params, context) => {
  requireSameOrder(context);
  return context.add('', 'Add', {}, { takesList: true, order: inputOf(context).order });
});

const joined = writerOf(concat, (_params, context) => {
  const isVector = context.block.shape.length === 1;
  const order = isVector ? context.inputs.flatMap(orderOf) : null;
  return context.add('', 'Concatenate', {}, { takesList: true, order });
});

/** A vector that gates an image becomes an image of one pixel. */
const product = writerOf(multiply, (_params, context) => {
  const { shape } = context.block;
  const isImage = shape.length === 3;
  if (!isImage) requireSameOrder(context);
  const inputs = context.inputs.map((each, at) => {
    if (!isImage || each.order === null) return each;
    if (!isPlainOrder(each.order)) context.needPlanar();
    const [channels = 1] = each.shape;
    const settings = { target_shape: [1, 1, channels] };
    return context.add(`gate${String(at)}`, 'Reshape', settings, { inputs: [each], shape: [channels, 1, 1] });
  });
  const [first] = inputs;
  return context.add('', 'Multiply', {}, { inputs, takesList: true, order: first?.order ?? null });
});

/** `[N, H, W, C]` to `[N, C, H, W]`. */
function planes(context: BlockContext, image: KerasTensor): KerasTensor {
  const axes = image.shape;
  return context.add('planes', 'Permute', { dims: [3, 1, 2] }, { inputs: [image], shape: axes, axes });
}

function flattened(context: BlockContext): KerasTensor {
  const input = inputOf(context);
  if (input.order !== null) return context.add('', 'Flatten', {}, { order: input.order });
  const order = [input.shape];
  if (!context.planar || isPlainOrder(order)) return context.add('', 'Flatten', {}, { order });
  return context.add('', 'Flatten', {}, { inputs: [planes(context, input)] });
}

/** An image of another shape has our order of values: its channels come first while it is reshaped. */
function reshaped(context: BlockContext, input: KerasTensor, shape: Shape): KerasTensor {
  const [channels = 1, height = 1, width = 1] = shape;
  if (input.order !== null && !isPlainOrder(input.order)) context.needPlanar();
  if (input.order !== null && (channels === 1 || height * width === 1))
    return context.add('', 'Reshape', { target_shape: [height, width, channels] });
  const source = input.order === null ? planes(context, input) : input;
  const ours = context.add(
    'split',
    'Reshape',
    { target_shape: shape },
    { inputs: [source], shape, axes: shape },
  );
  return context.add('', 'Permute', { dims: [2, 3, 1] }, { inputs: [ours] });
}

const frame = writerOf(pad, ({ border, value, top, left, bottom, right }, context) => {
  const sides: Sides = [top, left, bottom, right];
  const input = inputOf(context);
  if (elementCount(context.block.shape) === elementCount(input.shape)) return input;
  if (border === 'fill')
    return value === 0 ? zeroPadded(context, input, sides) : framed(context, ['', value], sides);
  if (border === 'reflect') return padOperation(context, input, { suffix: '', sides, mode: 'reflect' });
  return repeated(context, sides);
});

/** The edge is repeated pixel by pixel: `symmetric` of one pixel is the edge, whatever a backend does with more. */
function repeated(context: BlockContext, sides: Sides): KerasTensor {
  const most = Math.max(...sides);
  let image = inputOf(context);
  for (let step = 0; step < most; step += 1) {
    const [top, left, bottom, right] = sides.map((pixels) => (pixels > step ? 1 : 0));
    image = padOperation(context, image, {
      suffix: step === most - 1 ? '' : `edge${String(step + 1)}`,
      sides: [top ?? 0, left ?? 0, bottom ?? 0, right ?? 0],
      mode: 'symmetric',
    });
  }
  return image;
}

/** Merges, changes of shape, and what does nothing outside training. */
export const SHAPE_WRITERS = [
  writerOf(input, (_params, context) => {
    const [channels = 1, height = 1, width = 1] = context.block.shape;
    return context.add('', 'InputLayer', { batch_shape: [null, height, width, channels] });
  }),
  writerOf(output, (_params, context) => {
    const logits = inputOf(context);
    if (logits.order !== null && !isPlainOrder(logits.order)) context.needPlanar();
    // Readers of models take a softmax or sigmoid of the last layer for the output's own.
    return context.add('', 'Activation', { activation: 'linear' });
  }),
  ...[sum, joined, product],
  writerOf(flatten, (_params, context) => flattened(context)),
  writerOf(reshape, (_params, context) => {
    const { shape } = context.block;
    const source = inputOf(context);
    if (shape.length === 1) return flattened(context);
    return sameShape(shape, source.shape) ? source : reshaped(context, source, shape);
  }),
  writerOf(upsample, ({ factor, interpolation }, context) =>
    context.add(
      '',
      'UpSampling2D',
      settingsOf({ size: factor, interpolation: interpolation === 'bilinear' ? 'bilinear' : null }),
    ),
  ),
  frame,
  writerOf(dropout, ({ rate }, context) => pointwise(context, 'Dropout', { rate })),
  writerOf(spatialDropout, ({ rate }, context) => pointwise(context, 'SpatialDropout2D', { rate })),
  writerOf(stochasticDepth, ({ rate }, context) => {
    const axes = inputOf(context).shape.map(() => 1);
    return pointwise(context, 'Dropout', { rate, noise_shape: [null, ...axes] });
  }),
] as const;
