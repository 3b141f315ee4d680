import { colourPixels, mapPixels, type Pixels } from './mapPixels.ts';
import { planeOf, rangeOf, type Tensor, type ValueRange } from './tensorValues.ts';

/** The kernels `[in, kh, kw]` of a tensor `[out, in, kh, kw]`, one for each output channel. */
export function filtersOf({ shape, values }: Tensor): Tensor[] {
  const [count = 0, ...own] = shape;
  const size = own.reduce((product, each) => product * each, 1);
  return Array.from({ length: count }, (_, at) => ({
    shape: own,
    values: values.subarray(at * size, (at + 1) * size),
  }));
}

/** A channel as a small picture. */
export interface DrawnChannel {
  /** The plane that is drawn; null where three are drawn as colours. */
  readonly plane: Tensor | null;
  readonly pixels: Pixels;
  readonly range: ValueRange;
}

/**
 * A kernel as a picture: one with three input channels as red, green and blue on one scale, another one by its input
 * channel `input`. `isBgr`: the first input channel is blue.
 */
export function drawFilter(filter: Tensor, input: number, isBgr: boolean): DrawnChannel {
  const [inputs = 1] = filter.shape;
  if (inputs === 3) {
    const range = rangeOf(filter.values);
    const [first, second, third] = [planeOf(filter, 0), planeOf(filter, 1), planeOf(filter, 2)];
    const planes = isBgr ? ([third, second, first] as const) : ([first, second, third] as const);
    return { plane: null, range, pixels: colourPixels(planes, range) };
  }
  const plane = planeOf(filter, Math.min(input, inputs - 1));
  const range = rangeOf(plane.values);
  return { plane, range, pixels: mapPixels(plane, range) };
}
