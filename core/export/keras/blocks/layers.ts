import { conv2d, convWindow, kernelOf } from '../../../nodes/conv2d.ts';
import { convTranspose2d, transposedWindow } from '../../../nodes/convTranspose2d.ts';
import { dense } from '../../../nodes/dense.ts';
import { channelsOf, imageAt, inputAt } from '../../../nodes/shapeRules.ts';
import { placeTransposed } from '../../../nodes/transposedWindow.ts';
import { kernelSpan, placeWindow, type Sides } from '../../../nodes/window.ts';
import { message } from '../../../words/message.ts';
import type { KerasVariable, ReadField, Setting, Settings } from '../kerasLayer.ts';
import { convKernel, denseKernel, depthwiseKernel, spread, transposedKernel, ungrouped } from '../kernels.ts';
import { inputOf, writerOf, type BlockContext, type KerasTensor } from '../layerSink.ts';

/** `3` where both are the same, else `[3, 5]`: height and width. */
export function pair([height, width]: readonly [number, number]): Setting {
  return height === width ? height : [height, width];
}

/** The settings whose value is not null. */
export function settingsOf(all: Readonly<Record<string, Setting>>): Settings {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/** The image with zeros around it; itself where there are none. */
export function zeroPadded(context: BlockContext, input: KerasTensor, sides: Sides): KerasTensor {
  const [top, left, bottom, right] = sides;
  if (top + left + bottom + right === 0) return input;
  const [channels = 1, height = 1, width = 1] = input.shape;
  const shape = [channels, top + height + bottom, left + width + right];
  const padding = [
    [top, bottom],
    [left, right],
  ];
  return context.add('pad', 'ZeroPadding2D', { padding }, { inputs: [input], shape });
}

export function isSameSides(a: Sides, b: Sides): boolean {
  return a.every((pixels, at) => pixels === b[at]);
}

function withBias(kernel: KerasVariable, bias: boolean, read: ReadField): readonly KerasVariable[] {
  return bias ? [kernel, read('bias')] : [kernel];
}

/** Keras refuses a stride together with a dilation: the kernel is then written with the zeros between its taps. */
const conv = writerOf(conv2d, (params, context) => {
  const { block } = context;
  const image = imageAt(block.inputShapes);
  const { stride, groups, bias } = params;
  const isSpread = stride > 1 && params.dilation > 1;
  if (isSpread) context.note(message('kerasBundles.spread', { block: block.called }));
  const { window } = placeWindow(convWindow(params), image);
  const same = placeWindow(convWindow({ ...params, padding: 'same' }), image).window;
  const isSame = isSameSides(window.padding, same.padding) && window.padding.some((pixels) => pixels > 0);
  const source = isSame ? inputOf(context) : zeroPadded(context, inputOf(context), window.padding);
  const spans = window.kernel.map((size) => kernelSpan(size, params.dilation));
  const kernel = isSpread ? ([spans[0] ?? 1, spans[1] ?? 1] as const) : window.kernel;
  const isDepthwise = groups === image.channels && groups > 1;
  const shared = {
    kernel_size: pair(kernel),
    strides: stride > 1 ? stride : null,
    padding: isSame ? 'same' : null,
    dilation_rate: params.dilation > 1 && !isSpread ? params.dilation : null,
    use_bias: bias ? null : false,
  };
  const kernelIn = (read: ReadField): KerasVariable =>
    isSpread ? spread(read('weights'), params.dilation) : read('weights');
  const facts = { inputs: [source] };
  if (!isDepthwise) {
    const settings = { filters: params.filters, ...shared, groups: groups > 1 ? groups : null };
    return context.add('', 'Conv2D', settingsOf(settings), {
      ...facts,
      variables: (read) => withBias(convKernel(kernelIn(read)), bias, read),
    });
  }
  const multiplier = params.filters / groups;
  const settings = { ...shared, depth_multiplier: multiplier > 1 ? multiplier : null };
  return context.add('', 'DepthwiseConv2D', settingsOf(settings), {
    ...facts,
    variables: (read) => withBias(depthwiseKernel(kernelIn(read), groups), bias, read),
  });
});

/** One axis of a transposed convolution without padding, as `Conv2DTranspose(padding="valid")` makes it. */
interface Axis {
  readonly before: number;
  /** Pixels of the output that are needed, counted from the first one. */
  readonly needed: number;
  /** Pixels that the taps reach, and those that Keras returns: at least as many as the stride for each input. */
  readonly reached: number;
  readonly whole: number;
}

/**
 * `Conv2DTranspose` without padding, and `Cropping2D` for what the block cuts off: exact in every backend of Keras. It
 * has neither groups nor a dilation beside a stride, so the kernel is written with zeros.
 */
const transposed = writerOf(convTranspose2d, (params, context) => {
  const { block } = context;
  const image = imageAt(block.inputShapes);
  const { stride, groups, dilation, bias } = params;
  const { window, height, width } = placeTransposed(transposedWindow(params), image);
  const spans = kernelOf(params).map((size) => kernelSpan(size, dilation)) as [number, number];
  if (dilation > 1) context.note(message('kerasBundles.spread', { block: block.called }));
  if (groups > 1) context.note(message('kerasBundles.ungrouped', { block: block.called, groups }));
  const axis = (size: number, span: number, before: number, out: number): Axis => {
    const reached = (size - 1) * stride + span;
    return { before, needed: before + out, reached, whole: Math.max(reached, size * stride) };
  };
  const axes = [
    axis(image.height, spans[0], window.padding[0], height),
    axis(image.width, spans[1], window.padding[1], width),
  ] as const;
  const isLonger = axes.some(({ needed, whole }) => needed > whole);
  const more = axes.map(({ needed, reached }) => (isLonger ? Math.max(0, needed - reached) : 0));
  const sizes = axes.map(({ reached, whole }, at) => (isLonger ? reached + (more[at] ?? 0) : whole));
  const settings = settingsOf({
    filters: params.filters,
    kernel_size: pair(spans),
    strides: stride > 1 ? stride : null,
    output_padding: isLonger ? more : null,
    use_bias: bias ? null : false,
  });
  const full = context.add('', 'Conv2DTranspose', settings, {
    shape: [params.filters, ...sizes],
    variables: (read) => {
      const dilated = dilation > 1 ? spread(read('weights'), dilation) : read('weights');
      return withBias(transposedKernel(groups > 1 ? ungrouped(dilated, groups) : dilated), bias, read);
    },
  });
  const cut = axes.map(({ before, needed }, at) => [before, (sizes[at] ?? 0) - needed]);
  if (cut.flat().every((pixels) => pixels === 0)) return full;
  context.note(message('kerasBundles.cutsAfter', { block: block.called }));
  return context.add('crop', 'Cropping2D', { cropping: cut }, { inputs: [full] });
});

const linear = writerOf(dense, ({ units, bias }, context) => {
  const input = inputOf(context);
  const inputs = channelsOf(inputAt(context.block.inputShapes));
  const order = input.order ?? [[inputs, 1, 1]];
  return context.add('', 'Dense', settingsOf({ units, use_bias: bias ? null : false }), {
    variables: (read) => withBias(denseKernel(read('weights'), order), bias, read),
  });
});

export const LAYER_WRITERS = [conv, transposed, linear] as const;
