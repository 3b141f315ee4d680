import type { Window } from '../program/instruction.ts';
import type { ShapeProblem } from './definition.ts';
import type { Picture as Image } from './shapeRules.ts';
import { message } from '../words/message.ts';

export const PADDING_OPTIONS = [
  { value: 'same', label: 'Same (TensorFlow)' },
  { value: 'valid', label: 'Valid (none)' },
  { value: 'explicit', label: 'Explicit (PyTorch)' },
] as const;
type PaddingPolicy = (typeof PADDING_OPTIONS)[number]['value'];

/** Pixels around an image, `[top, left, bottom, right]`. */
export type Sides = readonly [number, number, number, number];

/** A sliding window with a block's parameters; pairs are `[height, width]` in pixels. */
export interface WindowSettings {
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly padding: PaddingPolicy;
  /** Pixels on each side when `padding` is 'explicit'. */
  readonly pad: Sides;
  /** True: a last window that reaches beyond the padding counts too (PyTorch's `ceil_mode`). */
  readonly ceil?: boolean;
}

export interface PlacedWindow {
  /** Its padding includes `overhang`. */
  readonly window: Window;
  /** Rows and columns that the last window reaches beyond the padding, at the bottom and right; 0 without `ceil`. */
  readonly overhang: readonly [number, number];
  /** Output size; 0 or less where the kernel does not fit. */
  readonly height: number;
  readonly width: number;
}

/** A window along one axis: padding in pixels, and output size. */
export interface Axis {
  readonly before: number;
  readonly after: number;
  readonly out: number;
  /** Pixels beyond `after`. */
  readonly overhang?: number;
}

/** Pixels that a dilated kernel spans. */
export function kernelSpan(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/**
 * Padding and output size of a window over an image. 'same' follows TensorFlow (tf.nn, "Notes on padding"): `out =
 * ceil(in / stride)`, and an odd pixel of padding is added at the bottom and right. 'valid' and 'explicit' follow
 * PyTorch: `out = floor((in + pads - span) / stride) + 1`, or with `ceil` rounded up, unless the last window would then
 * start beyond the image (`pooling_output_shape` of ATen/native/Pool.h).
 */
export function placeWindow(settings: WindowSettings, image: Image): PlacedWindow {
  return placeAxes(settings, image, (...axis) => placeAxis(settings, ...axis));
}

/** Both axes of a window, each computed by `place(size of the image, kernel, pads before and after)`. */
export function placeAxes(
  { kernel, stride, dilation, pad }: WindowSettings,
  { height, width }: Image,
  place: (size: number, kernel: number, pads: AxisPads) => Axis,
): PlacedWindow {
  const y = place(height, kernel[0], [pad[0], pad[2]]);
  const x = place(width, kernel[1], [pad[1], pad[3]]);
  const overhang = [y.overhang ?? 0, x.overhang ?? 0] as const;
  return {
    window: {
      kernel,
      stride: [stride, stride],
      padding: [y.before, x.before, y.after + overhang[0], x.after + overhang[1]],
      dilation: [dilation, dilation],
    },
    overhang,
    height: y.out,
    width: x.out,
  };
}

/** Pixels before and after the image along one axis. */
export type AxisPads = readonly [number, number];

function placeAxis(settings: WindowSettings, size: number, kernel: number, pads: AxisPads): Axis {
  const span = kernelSpan(kernel, settings.dilation);
  if (settings.padding === 'same') {
    const out = Math.ceil(size / settings.stride);
    const total = Math.max((out - 1) * settings.stride + span - size, 0);
    const before = Math.floor(total / 2);
    return { before, after: total - before, out };
  }
  const [before, after] = settings.padding === 'explicit' ? pads : [0, 0];
  const steps = (size + before + after - span) / settings.stride;
  const floor = { before, after, out: Math.floor(steps) + 1 };
  const startsInside = Math.ceil(steps) * settings.stride < size + before;
  if (settings.ceil !== true || Number.isInteger(steps) || !startsInside) return floor;
  const reach = Math.ceil(steps) * settings.stride + span;
  return { before, after, out: floor.out + 1, overhang: reach - size - before - after };
}

/** Four sides from a block's parameters: the first two count for the opposite sides too unless `asymmetric`. */
export function sidesOf(
  top: number,
  left: number,
  { asymmetric, padBottom, padRight }: { asymmetric: boolean; padBottom: number; padRight: number },
): Sides {
  return asymmetric ? [top, left, padBottom, padRight] : [top, left, top, left];
}

/** The problem of a kernel larger than the padded image, or null when it fits. */
export function kernelProblem(settings: WindowSettings, picture: Image): ShapeProblem | null {
  const placed = placeWindow(settings, picture);
  if (placed.height >= 1 && placed.width >= 1) return null;
  const [spanY, spanX] = settings.kernel.map((size) => kernelSpan(size, settings.dilation));
  const [top, left, bottom, right] = settings.padding === 'explicit' ? settings.pad : [0, 0, 0, 0];
  const padded = `${picture.height + top + bottom} × ${picture.width + left + right}`;
  return {
    code: 'shape-empty',
    param: 'kernel',
    problem: message('blocks.kernelTooLarge', { kernel: `${spanY} × ${spanX}`, padded }),
    hint: message('blocks.kernelTooLargeHint'),
  };
}

/** `3×3`, or `3×5` for a rectangle. */
export function formatKernel(kernel: readonly [number, number]): string {
  return `${kernel[0]}×${kernel[1]}`;
}
