import { conv2d, convWindow } from '../../../nodes/conv2d.ts';
import { convTranspose2d, transposedWindow } from '../../../nodes/convTranspose2d.ts';
import { dense } from '../../../nodes/dense.ts';
import { channelsOf, imageAt, inputAt } from '../../../nodes/shapeRules.ts';
import { placeTransposed } from '../../../nodes/transposedWindow.ts';
import { kernelSpan, placeWindow } from '../../../nodes/window.ts';
import { message } from '../../../words/message.ts';
import { callOf, pairOf, unless } from '../python.ts';
import { writerOf, type WrittenBlock } from '../writtenBlock.ts';
import { isEven, padCall } from './sides.ts';

interface SharedParams {
  readonly stride: number;
  readonly dilation: number;
  readonly groups: number;
  readonly bias: boolean;
}

/** The arguments that both convolutions have after the kernel; `padding` comes between stride and dilation. */
function convArguments(
  { stride, dilation, groups, bias }: SharedParams,
  padding: readonly (string | null)[],
): readonly (string | null)[] {
  return [
    unless('1', 'stride', String(stride)),
    ...padding,
    unless('1', 'dilation', String(dilation)),
    unless('1', 'groups', String(groups)),
    bias ? null : 'bias=False',
  ];
}

/** Uneven padding stands before the layer: `nn.Conv2d` pads opposite sides alike. */
const conv = writerOf(conv2d, (params, { inputShapes, called }): WrittenBlock => {
  const image = imageAt(inputShapes);
  const { window } = placeWindow(convWindow(params), image);
  const [top, left] = window.padding;
  const even = isEven(window.padding);
  const module = callOf(
    'nn.Conv2d',
    ...[String(image.channels), String(params.filters), pairOf(window.kernel)],
    ...convArguments(params, [unless('0', 'padding', even ? pairOf([top, left]) : '0')]),
  );
  if (even) return { module };
  return {
    module,
    call: ([x = ''], self) => `${self}(${padCall(x, window.padding)})`,
    notes: [message('bundles.padsBefore', { block: called })],
  };
});

/**
 * `nn.ConvTranspose2d` cuts opposite sides alike and adds `output_padding` behind; where the sides differ, it makes the
 * whole output, and `F.pad` with negative numbers cuts it.
 */
const transposed = writerOf(convTranspose2d, (params, { inputShapes, called }): WrittenBlock => {
  const image = imageAt(inputShapes);
  const { window, height, width } = placeTransposed(transposedWindow(params), image);
  const [top, left] = window.padding;
  const axis = (size: number, kernel: number, before: number, out: number): Axis => {
    const whole = (size - 1) * params.stride + kernelSpan(kernel, params.dilation);
    return { before, out, whole };
  };
  const y = axis(image.height, window.kernel[0], top, height);
  const x = axis(image.width, window.kernel[1], left, width);
  const more = [y, x].map(({ out, whole, before }) => out - whole + 2 * before);
  const limit = Math.max(params.stride, params.dilation);
  const even = more.every((each) => each >= 0 && each < limit);
  const behind = even ? more : [y, x].map(({ out, whole, before }) => Math.max(0, out + before - whole));
  const [moreY = 0, moreX = 0] = behind;
  const module = callOf(
    'nn.ConvTranspose2d',
    ...[String(image.channels), String(params.filters), pairOf(window.kernel)],
    ...convArguments(params, [
      unless('0', 'padding', even ? pairOf([top, left]) : '0'),
      unless('0', 'output_padding', pairOf([moreY, moreX])),
    ]),
  );
  if (even) return { module };
  const cut = [-top, -left, -cutBehind(y, moreY), -cutBehind(x, moreX)] as const;
  return {
    module,
    call: ([src = ''], self) => padCall(`${self}(${src})`, cut),
    notes: [message('bundles.cutsAfter', { block: called })],
  };
});

interface Axis {
  /** Pixels cut off in front. */
  readonly before: number;
  readonly out: number;
  /** Size without padding. */
  readonly whole: number;
}

function cutBehind({ whole, before, out }: Axis, more: number): number {
  return whole + more - before - out;
}

const linear = writerOf(dense, ({ units, bias }, { inputShapes }) => ({
  module: callOf(
    'nn.Linear',
    String(channelsOf(inputAt(inputShapes))),
    String(units),
    bias ? null : 'bias=False',
  ),
}));

export const LAYER_WRITERS = [conv, transposed, linear] as const;
