import type { XRange } from '../series/reduce.ts';
import type { XAxis } from '../series/series.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps of a time axis as on clocks, in milliseconds; decimal steps below a second, powers of ten of a day above. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
];

/** Positions of the ticks of an axis, and their distance. */
interface AxisTicks {
  readonly step: number;
  readonly values: readonly number[];
}

/** At most `most` round values of `range`: integer steps, decimal fractions of an epoch, or clock times. */
export function axisTicks(axis: XAxis, { from, to }: XRange, most: number): AxisTicks {
  const step = niceStep(axis, (to - from) / Math.max(1, most));
  return { step, values: multiplesOf(step, from, to) };
}

/** The smallest round step that is not below `least`. */
function niceStep(axis: XAxis, least: number): number {
  if (!(least > 0)) return 1;
  if (axis === 'step') return Math.max(1, decimalStep(least));
  if (axis === 'epoch') return decimalStep(least);
  if (least <= SECOND / 2) return decimalStep(least / SECOND) * SECOND;
  return TIME_STEPS.find((step) => step >= least) ?? decimalStep(least / DAY) * DAY;
}

/** 1, 2 or 5 times a power of ten. */
function decimalStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/**
 * Round y values between `min` and `max` for an axis `heightPx` high, at least `gapPx` from each other. On a
 * logarithmic axis powers of ten, or 1, 2 and 5 times them, or even steps where it spans little.
 */
export function yTicks(
  { min, max }: { readonly min: number; readonly max: number },
  { isLog, heightPx, gapPx }: { readonly isLog: boolean; readonly heightPx: number; readonly gapPx: number },
): readonly number[] {
  const wanted = Math.min(MOST_Y_TICKS, Math.max(3, Math.floor(heightPx / USUAL_Y_GAP_PX)));
  const most = Math.max(2, Math.min(wanted, Math.floor(heightPx / gapPx)));
  if (!isLog) return multiplesOf(decimalStep((max - min) / most), min, max);
  const place = (value: number): number => (Math.log(value / min) / Math.log(max / min)) * heightPx;
  const factors = max / min > 10 ** most ? [1] : [1, 2, 5];
  const round =
    max / min < 4 ? multiplesOf(decimalStep((max - min) / most), min, max) : decades(min, max, factors);
  return round.reduce<number[]>((kept, value) => {
    const last = kept.at(-1);
    return last !== undefined && place(value) - place(last) < gapPx ? kept : [...kept, value];
  }, []);
}

const MOST_Y_TICKS = 8;
const USUAL_Y_GAP_PX = 36;

function multiplesOf(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

function decades(min: number, max: number, factors: readonly number[]): number[] {
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const powers = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  return powers
    .flatMap((power) => factors.map((factor) => factor * power))
    .filter((value) => value >= min && value <= max);
}

/** The number of decimals that distinguishes values `step` apart. */
function decimalsFor(step: number): number {
  return Math.min(9, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

/** `12,500`, `3.25`, `1:02:30` or `0:03.5`: an x value as its axis shows it, exact to `step`. */
export function formatX(axis: XAxis, value: number, step: number, language: string): string {
  if (axis === 'time') return formatClock(value, decimalsFor(step / SECOND));
  const digits = axis === 'step' ? 0 : decimalsFor(step);
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** `0:38`, `12:05`, `3:02:10`, with `decimals` decimals of the seconds. */
function formatClock(elapsedMs: number, decimals: number): string {
  const unit = 10 ** decimals;
  const seconds = Math.max(0, Math.round((elapsedMs / SECOND) * unit)) / unit;
  const minutes = Math.floor(seconds / 60);
  const two = (value: string): string => (/^\d(?!\d)/.test(value) ? `0${value}` : value);
  const rest = two((seconds - minutes * 60).toFixed(decimals));
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${two(String(minutes % 60))}:${rest}`;
}
