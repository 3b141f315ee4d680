import type { Scale, ScaleOptions } from 'chart.js';
import { axisTicks, formatX, yTicks } from './axisTicks.ts';
import type { ChartTheme } from './chartTheme.ts';
import type { XRange } from '../series/reduce.ts';
import type { XAxis } from '../series/series.ts';
import { tickLabels } from './tickLabels.ts';
import type { YRange } from './yRange.ts';

/** What the axes of a chart show. */
export interface ScaleImage {
  readonly axis: XAxis;
  readonly x: XRange;
  readonly y: YRange;
  readonly isLog: boolean;
  readonly theme: ChartTheme;
  readonly language: string;
  /** `digits`: the number of significant digits. */
  formatY(value: number, digits?: number): string;
  /** Names of the axes, with their units; on the screen they are in the title and the toolbar. */
  readonly titles?: { readonly x: string; readonly y: string };
  /** Font size of the labels, in CSS pixels. */
  readonly fontSize: number;
}

/**
 * Space for a typical label under the x axis and the gap after it, in multiples of the font size; longer labels are
 * skipped where they overlap.
 */
const X_LABEL_SIZES = 4.8;
/** The same for labels above each other. */
const Y_LABEL_SIZES = 1.7;
/** Least space between two labels of the x axis. */
const LABEL_GAP_PX = 2;
/** Fewest and most digits of a y value. */
const Y_DIGITS = [3, 4, 5, 6, 7, 8, 9, 10];

/** The x axis: round values, each label centred under its tick; no label is clipped or overlaps another. */
export function xScale(picture: ScaleImage): ScaleOptions<'linear'> {
  const { axis, x, language, fontSize } = picture;
  let step = 1;
  return {
    type: 'linear',
    min: x.from,
    max: x.to,
    border: { display: false },
    grid: { display: false },
    ...titleOf(picture, 'x'),
    afterBuildTicks: (scale: Scale) => {
      const room = Math.round(scale.width / (X_LABEL_SIZES * fontSize));
      const ticks = axisTicks(axis, x, Math.min(8, Math.max(2, room)));
      ({ step } = ticks);
      scale.ticks = ticks.values.map((value) => ({ value }));
    },
    // Chart.js skips labels as if the ticks spanned the whole axis; on a narrow one two that do not may still meet.
    afterUpdate: (scale: Scale) => {
      scale.ticks = scale.ticks.filter(keepsClear(scale, `${fontSize}px ${picture.theme.font}`));
    },
    ticks: {
      ...lettersOf(picture),
      maxRotation: 0,
      autoSkipPadding: fontSize,
      includeBounds: false,
      callback: (value) => formatX(axis, Number(value), step, language),
    },
  };
}

/**
 * A filter for the ticks of an x axis, in order: false for one whose centered label would meet the label kept before.
 */
function keepsClear(scale: Scale, font: string): (tick: { label?: unknown }, index: number) => boolean {
  scale.ctx.font = font;
  let taken = -Infinity;
  return ({ label }, index) => {
    const half = scale.ctx.measureText(typeof label === 'string' ? label : '').width / 2;
    const at = scale.getPixelForTick(index);
    if (at - half <= taken) return false;
    taken = at + half + LABEL_GAP_PX;
    return true;
  };
}

/** The y axis, linear or logarithmic; its values have as many digits as are needed to distinguish them. */
export function yScale(picture: ScaleImage): ScaleOptions<'linear'> | ScaleOptions<'logarithmic'> {
  const { theme, y, isLog } = picture;
  const byDigits = Y_DIGITS.map((digits) => (value: number) => picture.formatY(value, digits));
  return {
    type: isLog ? 'logarithmic' : 'linear',
    min: y.min,
    max: y.max,
    border: { display: false },
    grid: { color: theme.grid, lineWidth: 1, drawTicks: false },
    ...titleOf(picture, 'y'),
    afterBuildTicks: (scale: Scale) => {
      const room = { isLog, heightPx: scale.height, gapPx: Y_LABEL_SIZES * picture.fontSize };
      scale.ticks = yTicks(y, room).map((value) => ({ value }));
    },
    ticks: {
      ...lettersOf(picture),
      autoSkip: false,
      padding: 6,
      includeBounds: false,
      callback: (_: unknown, index: number, ticks: readonly { readonly value: number }[]) =>
        tickLabels(ticks, byDigits)[index],
    },
  };
}

function lettersOf({ theme, fontSize }: ScaleImage) {
  return { color: theme.ticks, font: { family: theme.font, size: fontSize } };
}

function titleOf({ titles, theme, fontSize }: ScaleImage, axis: 'x' | 'y') {
  if (titles === undefined) return {};
  const font = { family: theme.font, size: fontSize + 1, weight: 600 as const };
  return { title: { display: true, text: titles[axis], color: theme.text, font } };
}
