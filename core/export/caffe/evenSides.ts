import { kernelSpan } from '../../nodes/window.ts';

/** A kernel along one axis, extended by zeros so that both sides have the same padding. */
export interface EvenAxis {
  /** Elements of the extended kernel. */
  readonly kernel: number;
  /** Zeros before the first element. */
  readonly zeros: number;
  readonly pad: number;
  /** Elements from one of the original kernel to the next. */
  readonly step: number;
  /** The dilation that is left. */
  readonly dilation: number;
}

/**
 * The same convolution with equal padding on both sides: with `pad` of the larger side, as many zeros stand before and
 * behind the kernel as its padding grew. One side may be negative. With `isSpread` a dilated kernel becomes one with
 * zeros between its elements.
 */
export function evenAxis(
  kernel: number,
  [before, after]: readonly [number, number],
  dilation: number,
  isSpread: boolean,
): EvenAxis {
  const [size, step, left] = isSpread ? [kernelSpan(kernel, dilation), dilation, 1] : [kernel, 1, dilation];
  const pad = Math.max(before, after, 0);
  const [front, behind] = [(pad - before) / left, (pad - after) / left];
  return { kernel: size + front + behind, zeros: front, pad, step, dilation: left };
}

/** Kernels `[N, kernel y, kernel x]` inside zeros, `[N, y.kernel, x.kernel]`. */
export function extendKernels(
  values: Float32Array,
  [height, width]: readonly [number, number],
  y: EvenAxis,
  x: EvenAxis,
): Float32Array<ArrayBuffer> {
  const area = height * width;
  const extended = new Float32Array((values.length / area) * y.kernel * x.kernel);
  values.forEach((value, at) => {
    const [kernel, row] = [Math.floor(at / area), Math.floor((at % area) / width)];
    const line = kernel * y.kernel + y.zeros + row * y.step;
    extended[line * x.kernel + x.zeros + (at % width) * x.step] = value;
  });
  return extended;
}
