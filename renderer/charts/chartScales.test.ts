import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatValue } from '../text/formatDuration.ts';
import { xScale, yScale, type ScaleImage } from './chartScales.ts';
import { X_AXES } from '../series/series.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

const FONT_SIZE = 11;
const widthOf = (text: string): number => text.length * FONT_SIZE * 0.6;

/** A canvas that measures words and draws nothing. */
function canvasOf(width: number, height: number): HTMLCanvasElement {
  const canvas: Record<string, unknown> = { width, height, style: {} };
  const context = new Proxy(
    {},
    {
      get: (_, name) => {
        if (name === 'canvas') return canvas;
        return name === 'measureText' ? (text: string) => ({ width: widthOf(text) }) : () => undefined;
      },
      set: () => true,
    },
  );
  canvas['getContext'] = () => context;
  const item: object = canvas;
  return item as HTMLCanvasElement;
}

const theme = { color: () => '#000000', text: '', ticks: '', grid: '', background: '', font: 'sans-serif' };

/** Words of both axes with the places they take, in a chart of this size. */
function labelsOf(size: { width: number; height: number }, picture: ScaleImage) {
  const chart = new Chart(canvasOf(size.width, size.height), {
    type: 'line',
    data: { datasets: [{ data: [] }] },
    options: { responsive: false, animation: false, scales: { x: xScale(picture), y: yScale(picture) } },
  });
  const labels = (name: 'x' | 'y') => {
    const scale = chart.scales[name];
    return (scale?.ticks ?? [])
      .map(({ label }, index) => ({ label: String(label ?? ''), at: scale?.getPixelForTick(index) ?? NaN }))
      .filter(({ label }) => label !== '');
  };
  const found = { x: labels('x'), y: labels('y') };
  chart.destroy();
  return found;
}

describe('the words of the axes', () => {
  it('never meet, are never cut, and never say the same twice, at any size and zoom', () => {
    const picture = fc.record({
      axis: fc.constantFrom(...X_AXES),
      from: fc.double({ min: 0, max: 1e6, noNaN: true }),
      span: fc.double({ min: 0.05, max: 1e7, noNaN: true }),
      low: fc.double({ min: 0.001, max: 10, noNaN: true }),
      height: fc.double({ min: 1e-6, max: 100, noNaN: true }),
      isLog: fc.boolean(),
      size: fc.record({
        width: fc.integer({ min: 180, max: 1200 }),
        height: fc.integer({ min: 80, max: 500 }),
      }),
    });
    fc.assert(
      fc.property(picture, ({ axis, from, span, low, height, isLog, size }) => {
        const { x, y } = labelsOf(size, {
          ...{ axis, isLog, theme, language: 'en', fontSize: FONT_SIZE, formatY: formatValue },
          x: { from, to: from + span },
          y: { min: low, max: low + height },
        });
        for (const [i, { label, at }] of x.entries()) {
          expect(at - widthOf(label) / 2).toBeGreaterThanOrEqual(-1);
          expect(at + widthOf(label) / 2).toBeLessThanOrEqual(size.width + 1);
          const before = x[i - 1];
          if (before === undefined) continue;
          expect(at - widthOf(label) / 2).toBeGreaterThan(before.at + widthOf(before.label) / 2);
          expect(label).not.toBe(before.label);
        }
        for (const [i, { label, at }] of y.entries()) {
          const before = y[i - 1];
          if (before === undefined) continue;
          expect(Math.abs(at - before.at)).toBeGreaterThan(FONT_SIZE);
          expect(label).not.toBe(before.label);
        }
      }),
      {
        numRuns: 150,
        // Ten digits on the y axis leave the x axis no room for its two labels.
        examples: [
          [
            {
              ...{ axis: 'step', from: 0.005, span: 1e7 - 0.01, low: 0.001, height: 1e-6, isLog: false },
              size: { width: 180, height: 80 },
            },
          ],
        ],
      },
    );
  });
});
