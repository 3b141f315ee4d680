import type { Params } from '../../document/schema.ts';
import { message } from '../../words/message.ts';
import { intsOf, textOf } from './attributes.ts';
import type { Site } from './site.ts';

export type Pair = readonly [number, number];
/** `[top, left, bottom, right]`, as in ONNX's `pads`. */
export type Sides = readonly [number, number, number, number];

/** A sliding window of the file: pairs are `[height, width]` in pixels. */
export interface FileWindow {
  readonly kernel: Pair;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: 'same' | 'valid' | 'explicit';
  readonly sides: Sides;
}

/**
 * The window of a Conv or a pooling over an image of `size`. Padding that differs between opposite sides as
 * TensorFlow's SAME does is 'same'. Throws a fault where height and width have different strides or dilations.
 */
export function windowOf(site: Site, kernel: Pair, size: Pair): FileWindow {
  const stride = equalPair(site, 'strides');
  const dilation = equalPair(site, 'dilations');
  const span = (axis: 0 | 1): number => (kernel[axis] - 1) * dilation + 1;
  const totals = ([0, 1] as const).map((axis) => sameTotal(size[axis], span(axis), stride));
  const [y = 0, x = 0] = totals;
  const same: Sides = [Math.floor(y / 2), Math.floor(x / 2), Math.ceil(y / 2), Math.ceil(x / 2)];
  const window = { kernel, stride, dilation };
  switch (textOf(site.node, 'auto_pad', 'NOTSET')) {
    case 'SAME_UPPER':
      return { ...window, padding: 'same', sides: same };
    case 'SAME_LOWER':
      return explicitWindow(window, [same[2], same[3], same[0], same[1]], same);
    case 'VALID':
      return { ...window, padding: 'valid', sides: [0, 0, 0, 0] };
    default:
      return explicitWindow(window, padsOf(site), same);
  }
}

/** Pixels that TensorFlow's SAME adds along one axis, before and after together. */
function sameTotal(size: number, span: number, stride: number): number {
  return Math.max((Math.ceil(size / stride) - 1) * stride + span - size, 0);
}

function explicitWindow(
  window: Pick<FileWindow, 'kernel' | 'stride' | 'dilation'>,
  sides: Sides,
  same: Sides,
): FileWindow {
  const [top, left, bottom, right] = sides;
  const isEven = top === bottom && left === right;
  if (isEven && top === 0 && left === 0) return { ...window, padding: 'valid', sides };
  const isSame = !isEven && sides.every((side, index) => side === same[index]);
  return { ...window, padding: isSame ? 'same' : 'explicit', sides };
}

/** The attribute `pads`, four zeros where it is absent. Throws a fault for other than four numbers. */
export function padsOf(site: Site): Sides {
  const pads = intsOf(site.node, 'pads') ?? [0, 0, 0, 0];
  const [top, left, bottom, right] = pads;
  if (
    pads.length !== 4 ||
    top === undefined ||
    left === undefined ||
    bottom === undefined ||
    right === undefined
  )
    throw site.refuse(message('onnxFiles.notTwoAxes', { name: 'pads', found: pads.join(', ') }));
  return [top, left, bottom, right];
}

/** An attribute with one number for height and one for width, which are equal; 1 where it is absent. */
export function equalPair(site: Site, name: 'strides' | 'dilations'): number {
  const [y, x] = pairOf(site, name) ?? [1, 1];
  if (y === x) return y;
  throw site.refuse(message('onnxFiles.unequalPair', { name, y, x }));
}

export function pairOf(site: Site, name: string): Pair | null {
  const values = intsOf(site.node, name);
  if (values === null) return null;
  const [y, x] = values;
  if (values.length !== 2 || y === undefined || x === undefined)
    throw site.refuse(message('onnxFiles.notTwoAxes', { name, found: values.join(', ') }));
  return [y, x];
}

/** The parameters of Conv2D and ConvTranspose2D for a window. */
export function convParams({ kernel, stride, dilation, padding, sides }: FileWindow): Params {
  const [top, left, bottom, right] = sides;
  const isRectangular = kernel[0] !== kernel[1];
  const isEven = top === bottom && left === right;
  return {
    ...{ kernel: kernel[0], stride, dilation, padding },
    ...(isRectangular ? { rectangular: true, kernelX: kernel[1] } : {}),
    ...(padding === 'explicit' ? { padY: top, padX: left } : {}),
    ...(padding === 'explicit' && !isEven ? { asymmetric: true, padBottom: bottom, padRight: right } : {}),
  };
}

/** The parameters of a pooling for a window with a square kernel. */
export function poolParams({ kernel, stride, padding, sides }: FileWindow): Params {
  const [top, left, bottom, right] = sides;
  const isEven = [left, bottom, right].every((side) => side === top);
  return {
    ...{ kernel: kernel[0], stride, padding },
    ...(padding === 'explicit' ? { pad: top } : {}),
    ...(padding === 'explicit' && !isEven
      ? { asymmetric: true, padLeft: left, padBottom: bottom, padRight: right }
      : {}),
  };
}
