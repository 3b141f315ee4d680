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

/** A sliding window with a block's parameters; pairs are `[height, width]` in pixels. */
export interface WindowSettings {
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly padding: PaddingPolicy;
  /** Pixels on each side when `padding` is 'explicit'. */
  readonly pad: readonly [number, number];
}

export interface PlacedWindow {
  readonly window: Window;
  /** Output size; 0 or less where the kernel does not fit. */
  readonly height: number;
  readonly width: number;
}

/** A window along one axis: padding in pixels, and output size. */
export interface Axis {
  readonly before: number;
  readonly after: number;
  readonly out: number;
}

/** Pixels that a dilated kernel spans. */
export function kernelSpan(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/**
 * Padding and output size of a window over an image. 'same' follows TensorFlow (tf.nn, "Notes on padding"): `out =
 * ceil(in / stride)`, and an odd pixel of padding is added at the bottom and right. 'valid' and 'explicit' follow
 * PyTorch: `out = floor((in + pads - span) / stride) + 1`.
 */
export function placeWindow(settings: WindowSettings, image: Image): PlacedWindow {
  return placeAxes(settings, image, (...axis) => placeAxis(settings, ...axis));
}

/** Both axes of a window, each computed by `place(size of the image, kernel, pad)`. */
export function placeAxes(
  { kernel, stride, dilation, pad }: WindowSettings,
  { height, width }: Image,
  place: (size: number, kernel: number, pad: number) => Axis,
): PlacedWindow {
  const y = place(height, kernel[0], pad[0]);
  const x = place(width, kernel[1], pad[1]);
  return {
    window: {
      kernel,
      stride: [stride, stride],
      padding: [y.before, x.before, y.after, x.after],
      dilation: [dilation, dilation],
    },
    height: y.out,
    width: x.out,
  };
}

function placeAxis(settings: WindowSettings, size: number, kernel: number, pad: number): Axis {
  const span = kernelSpan(kernel, settings.dilation);
  if (settings.padding === 'same') {
    const out = Math.ceil(size / settings.stride);
    const total = Math.max((out - 1) * settings.stride + span - size, 0);
    const before = Math.floor(total / 2);
    return { before, after: total - before, out };
  }
  const side = settings.padding === 'explicit' ? pad : 0;
  return { before: side, after: side, out: Math.floor((size + 2 * side - span) / settings.stride) + 1 };
}

/** The problem of a kernel larger than the padded image, or null when it fits. */
export function kernelProblem(settings: WindowSettings, picture: Image): ShapeProblem | null {
  const placed = placeWindow(settings, picture);
  if (placed.height >= 1 && placed.width >= 1) return null;
  const [spanY, spanX] = settings.kernel.map((size) => kernelSpan(size, settings.dilation));
  const pad = settings.padding === 'explicit' ? settings.pad : [0, 0];
  const padded = `${picture.height + 2 * (pad[0] ?? 0)} × ${picture.width + 2 * (pad[1] ?? 0)}`;
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
