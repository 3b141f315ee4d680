import { int } from '../graphBuilder.ts';
import { ELEMENT_TYPE } from '../model.ts';
import type { AxisPlacement } from './placement.ts';
import type { Steps } from './steps.ts';

/** Pillow's weights have 22 fractional bits. */
export const WEIGHT_ONE = 2 ** 22;
/** A weight is three digits of this base, each a uint8. */
export const DIGIT_BASE = 256;

/** Divides no row of a matrix by zero, and is smaller than the sum of any row with weights. */
const TINY = 1e-300;

/** Names of three uint8 matrices `[wanted, source]`; the weights are `(high * 256 + middle) * 256 + low`. */
export interface WeightDigits {
  readonly high: string;
  readonly middle: string;
  readonly low: string;
}

/**
 * Adds the nodes that compute the weight of each input pixel (column) in each kept pixel (row): the triangle filter of
 * `workers/data/pixels/resample.ts` with the same float64 operations in the same order, so that every weight is the
 * same integer. Rows outside the image are 0, which makes them black.
 */
export function addWeights(axis: AxisPlacement, steps: Steps): WeightDigits {
  const { part } = axis;
  const { step, real } = steps;
  const exact = addTriangles(axis, steps);
  // The running sum adds from left to right, as the loop does; ReduceSum may add in another order.
  const ends = steps.list(part, 'axis', [], BigInt64Array.of(1n));
  const sums = step(part, 'running_sum', 'CumSum', [exact, ends]);
  const last = steps.list(part, 'last', [1], BigInt64Array.of(-1n));
  const sum = step(part, 'sum', 'Gather', [sums, last], { axis: int(1) });
  const divisor = step(part, 'divisor', 'Max', [sum, real(TINY)]);
  const share = step(part, 'share', 'Div', [exact, divisor]);
  const scaled = step(part, 'scaled', 'Mul', [share, real(WEIGHT_ONE)]);
  const weight = step(part, 'weight', 'Floor', [step(part, 'weight_raised', 'Add', [real(0.5), scaled])]);
  return addDigits(part, weight, steps);
}

/** `[wanted, source]` float64: the filter before it is divided by its sum. */
function addTriangles(axis: AxisPlacement, { step, real, list }: Steps): string {
  const { part, source, full, offset, wanted } = axis;
  const scale = step(part, 'scale', 'Div', [source, full]);
  const stretch = step(part, 'stretch', 'Max', [scale, real(1)]);
  const perPixel = step(part, 'per_pixel', 'Div', [real(1), stretch]);
  const numbers = Float64Array.from({ length: wanted }, (_, index) => index);
  const kept = step(part, 'kept', 'Add', [list(part, 'numbers', [wanted, 1], numbers), offset]);
  const middle = step(part, 'middle', 'Add', [kept, real(0.5)]);
  const centre = step(part, 'centre', 'Mul', [middle, scale]);
  const pixels = step(part, 'pixels', 'Range', [real(0), source, real(1)]);
  const away = step(part, 'away', 'Add', [step(part, 'from_centre', 'Sub', [pixels, centre]), real(0.5)]);
  const distance = step(part, 'distance', 'Abs', [step(part, 'along', 'Mul', [away, perPixel])]);
  const height = step(part, 'height', 'Sub', [real(1), distance]);
  const triangle = step(part, 'triangle', 'Max', [height, real(0)]);
  const isInside = step(part, 'is_inside', 'And', [
    isInImage(part, kept, full, { step, real }),
    isInWindow(part, { pixels, centre, stretch }, { step, real }),
  ]);
  return step(part, 'exact', 'Where', [isInside, triangle, real(0)]);
}

type Calculator = Pick<Steps, 'step' | 'real'>;

/** `[wanted, 1]`: false for black pixels beside the image. */
function isInImage(
  part: AxisPlacement['part'],
  kept: string,
  full: string,
  { step, real }: Calculator,
): string {
  const begins = step(part, 'begins', 'GreaterOrEqual', [kept, real(0)]);
  return step(part, 'is_image', 'And', [begins, step(part, 'ends', 'Less', [kept, full])]);
}

/** `[wanted, source]`: the window of Pillow, `floor(centre ± stretch + 0.5)`. */
function isInWindow(
  part: AxisPlacement['part'],
  { pixels, centre, stretch }: { readonly pixels: string; readonly centre: string; readonly stretch: string },
  { step, real }: Calculator,
): string {
  const border = (name: string, opType: 'Sub' | 'Add'): string => {
    const exact = step(part, `${name}_exact`, opType, [centre, stretch]);
    return step(part, name, 'Floor', [step(part, `${name}_raised`, 'Add', [exact, real(0.5)])]);
  };
  const after = step(part, 'is_after_first', 'GreaterOrEqual', [pixels, border('first', 'Sub')]);
  const before = step(part, 'is_before_end', 'Less', [pixels, border('end', 'Add')]);
  return step(part, 'is_window', 'And', [after, before]);
}

/** A weight as three digits, so that MatMulInteger, which multiplies bytes, computes exact sums. */
function addDigits(part: AxisPlacement['part'], weight: string, { step, real }: Steps): WeightDigits {
  const divided = (name: string, value: string, by: number): string =>
    step(part, name, 'Floor', [step(part, `${name}_exact`, 'Div', [value, real(by)])]);
  const rest = (name: string, value: string, digit: string, by: number): string =>
    step(part, name, 'Sub', [value, step(part, `${name}_taken`, 'Mul', [digit, real(by)])]);
  const byte = (name: string, value: string): string =>
    step(part, name, 'Cast', [value], { to: int(ELEMENT_TYPE.uint8) });
  const high = divided('high_digit', weight, DIGIT_BASE ** 2);
  const below = rest('below_high', weight, high, DIGIT_BASE ** 2);
  const middle = divided('middle_digit', below, DIGIT_BASE);
  const low = rest('low_digit', below, middle, DIGIT_BASE);
  return { high: byte('high_byte', high), middle: byte('middle_byte', middle), low: byte('low_byte', low) };
}
