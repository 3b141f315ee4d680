import type { StepEvent } from '#core/contract/metricEvent.ts';

/** One run in the figure. */
export interface Curve {
  readonly label: string;
  readonly color: string;
  readonly steps: readonly StepEvent[];
}

interface Panel {
  readonly title: string;
  readonly x: number;
  readonly value: (event: StepEvent) => number | null;
  readonly range: readonly [number, number];
  readonly ticks: readonly number[];
}

const WIDTH = 860;
const HEIGHT = 320;
const PLOT = { width: 350, height: 220, top: 46 };
/**
 * Weight of the past in the smoothed line, as in TensorBoard, whose default is 0.6, but higher because single batches
 * are noisier.
 */
const SMOOTHING = 0.9;

/**
 * Loss and accuracy of several runs over training steps as an SVG: raw batches faint, the debiased moving average in
 * front.
 */
export function drawCurves(curves: readonly Curve[], caption: string): string {
  const lastStep = Math.max(...curves.flatMap(({ steps }) => steps.map(({ step }) => step)));
  const highest = Math.max(...curves.flatMap(({ steps }) => steps.map(({ loss }) => loss ?? 0)));
  const panels: Panel[] = [
    {
      title: 'Training loss',
      x: 60,
      value: ({ loss }) => loss,
      range: [0, Math.min(highest, 2.5)],
      ticks: [0, 0.5, 1, 1.5, 2, 2.5],
    },
    {
      title: 'Training accuracy',
      x: 480,
      value: ({ accuracy }) => accuracy,
      range: [0, 1],
      ticks: [0, 0.25, 0.5, 0.75, 1],
    },
  ];
  const body = panels.map((panel) => drawPanel(panel, curves, lastStep)).join('\n');
  const legend = curves.map((curve, index) => drawLegend(curve, 60 + index * 200)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Inter, system-ui, sans-serif" font-size="12" fill="#556172">
<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#fafbfc"/>
${body}
${legend}
<text x="${WIDTH - 20}" y="${HEIGHT - 12}" text-anchor="end" fill="#8a95a4" font-size="11">${escapeXml(caption)}</text>
</svg>
`;
}

function drawPanel(panel: Panel, curves: readonly Curve[], lastStep: number): string {
  const [low, high] = panel.range;
  const x = (step: number): number => panel.x + (step / lastStep) * PLOT.width;
  const y = (value: number): number =>
    PLOT.top + PLOT.height * (1 - (clamp(value, low, high) - low) / (high - low));
  const grid = panel.ticks
    .filter((tick) => tick <= high)
    .map(
      (tick) =>
        `<path d="M${panel.x} ${y(tick)}h${PLOT.width}" stroke="#d9dfe6"/><text x="${panel.x - 8}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    );
  const axis = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const step = Math.round(lastStep * part);
    return `<text x="${x(step)}" y="${PLOT.top + PLOT.height + 18}" text-anchor="middle">${step}</text>`;
  });
  const lines = curves.flatMap(({ color, steps }) => {
    const points = steps.flatMap((event) => {
      const value = panel.value(event);
      return value === null ? [] : [{ step: event.step, value }];
    });
    const path = (values: readonly number[]): string =>
      points
        .map(({ step }, i) => `${i === 0 ? 'M' : 'L'}${x(step).toFixed(1)} ${y(values[i] ?? 0).toFixed(1)}`)
        .join('');
    const raw = points.map(({ value }) => value);
    const line = (values: readonly number[], style: string): string =>
      `<path d="${path(values)}" fill="none" stroke="${color}" stroke-linejoin="round" ${style}/>`;
    return [line(raw, 'stroke-width="1" opacity="0.22"'), line(debiasedAverage(raw), 'stroke-width="2"')];
  });
  return [
    `<text x="${panel.x}" y="28" font-weight="600" fill="#18202a">${panel.title}</text>`,
    ...grid,
    ...axis,
    ...lines,
  ].join('\n');
}

/** Exponential moving average divided by `1 - w^n`, so that the first values are not biased towards zero. */
function debiasedAverage(values: readonly number[]): number[] {
  let last = 0;
  return values.map((value, index) => {
    last = SMOOTHING * last + (1 - SMOOTHING) * value;
    return last / (1 - SMOOTHING ** (index + 1));
  });
}

function drawLegend({ label, color }: Curve, x: number): string {
  return `<path d="M${x} ${HEIGHT - 16}h22" stroke="${color}" stroke-width="2.5"/><text x="${x + 30}" y="${HEIGHT - 12}">${escapeXml(label)}</text>`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
