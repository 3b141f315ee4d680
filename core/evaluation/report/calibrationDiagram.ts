import type { CalibrationBin } from '../calibration.ts';
import { element, text, type Markup } from './html.ts';

const SIDE = 300;
const COUNTS = 60;
const LEFT = 58;
const TOP = 10;
const GAP = 14;

/** Names on the axes, in the language of the report. */
interface DiagramWords {
  readonly title: string;
  readonly confidence: string;
  readonly accuracy: string;
  readonly share: string;
}

/**
 * The reliability diagram as SVG: a bar for each bin up to its accuracy, the interval of that, the mean confidence on
 * the diagonal's axis, and below the share of the images in each bin.
 */
export function calibrationDiagram(bins: readonly CalibrationBin[], words: DiagramWords): Markup {
  const images = bins.reduce((sum, bin) => sum + bin.images, 0);
  const most = bins.reduce((high, bin) => Math.max(high, bin.images), 1);
  const width = LEFT + SIDE + 12;
  const height = TOP + SIDE + GAP + COUNTS + 36;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const countsTop = TOP + SIDE + GAP;
  return element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': words.title },
    ...ticks.map((tick) => gridLine(tick)),
    line('line', [x(0), y(0), x(1), y(1)], { 'stroke-dasharray': '4 4' }),
    ...bins.flatMap((bin) => binMarks(bin)),
    ...bins.map((bin) => {
      const tall = (COUNTS * bin.images) / most;
      const place = { x: x(bin.low) + 1, y: countsTop + COUNTS - tall };
      return element('rect', { class: 'count', ...place, width: SIDE / bins.length - 2, height: tall });
    }),
    label(`${((100 * most) / Math.max(1, images)).toFixed(0)} %`, LEFT - 6, countsTop + 8, 'end'),
    ...ticks.map((tick) => label(String(tick), x(tick), countsTop + COUNTS + 14, 'middle')),
    label(words.confidence, x(0.5), height - 4, 'middle'),
    turned(words.accuracy, TOP + SIDE / 2),
    turned(words.share, countsTop + COUNTS / 2),
  );
}

function x(share: number): number {
  return LEFT + SIDE * share;
}

function y(share: number): number {
  return TOP + SIDE * (1 - share);
}

function gridLine(tick: number): Markup {
  return element(
    'g',
    {},
    line('grid', [x(0), y(tick), x(1), y(tick)]),
    label(String(tick), LEFT - 6, y(tick) + 4, 'end'),
  );
}

function binMarks({ low, high, confidence, accuracy }: CalibrationBin): Markup[] {
  if (accuracy === null || confidence === null) return [];
  const { value, interval } = accuracy;
  const bar = { x: x(low) + 1, y: y(value), width: SIDE * (high - low) - 2, height: SIDE * value };
  const at = x(confidence);
  const range = interval === null ? [] : [line('mark', [at, y(interval.low), at, y(interval.high)])];
  const middle = { cx: at, cy: y(value), r: 3, fill: 'var(--accent)' };
  return [element('rect', { class: 'bar', ...bar }), ...range, element('circle', middle)];
}

type Ends = readonly [x1: number, y1: number, x2: number, y2: number];

function line(style: string, [x1, y1, x2, y2]: Ends, more: Readonly<Record<string, string>> = {}): Markup {
  return element('line', { class: style, x1, y1, x2, y2, ...more });
}

function label(words: string, at: number, top: number, anchor: 'middle' | 'end'): Markup {
  return element('text', { class: 'dim', x: at, y: top, 'text-anchor': anchor }, text(words));
}

/** A label beside the left edge, read from below. */
function turned(words: string, middle: number): Markup {
  const transform = `translate(11 ${middle}) rotate(-90)`;
  return element('text', { class: 'dim', transform, 'text-anchor': 'middle' }, text(words));
}
