import type { Measured } from './bnExperiment.ts';

export interface AccuracyLine {
  readonly label: string;
  readonly color: string;
  readonly points: readonly Measured[];
}

const WIDTH = 860;
const HEIGHT = 360;
const PLOT = { left: 64, top: 46, width: 770, height: 250 };

/** Test accuracy over training steps as an SVG; accuracies below `lowest` are clipped at the frame. */
export function drawAccuracy(lines: readonly AccuracyLine[], caption: string, lowest: number): string {
  const lastStep = Math.max(...lines.flatMap(({ points }) => points.map(({ step }) => step)));
  const x = (step: number): string => (PLOT.left + (step / lastStep) * PLOT.width).toFixed(1);
  const y = (value: number): string =>
    (PLOT.top + (PLOT.height * (1 - Math.max(lowest, value))) / (1 - lowest)).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => lowest + part * (1 - lowest));
  const grid = ticks.map(
    (tick) =>
      `<path d="M${PLOT.left} ${y(tick)}h${PLOT.width}" stroke="#d9dfe6"/><text x="${PLOT.left - 8}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick.toFixed(3)}</text>`,
  );
  const axis = [0, 0.25, 0.5, 0.75, 1].map(
    (part) =>
      `<text x="${x(lastStep * part)}" y="${PLOT.top + PLOT.height + 20}" text-anchor="middle">${Math.round(lastStep * part)}</text>`,
  );
  const curves = lines.map(
    ({ points, color }) =>
      `<path d="M${points.map(({ step, accuracy }) => `${x(step)} ${y(accuracy)}`).join('L')}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round"/>`,
  );
  const legend = lines.map(
    ({ label, color }, index) =>
      `<path d="M${PLOT.left + index * 330} ${HEIGHT - 16}h22" stroke="${color}" stroke-width="2.5"/><text x="${PLOT.left + 30 + index * 330}" y="${HEIGHT - 12}">${escapeXml(label)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Inter, system-ui, sans-serif" font-size="12" fill="#556172">
<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#fafbfc"/>
<text x="${PLOT.left}" y="28" font-weight="600" fill="#18202a">Test accuracy by training step</text>
<text x="${PLOT.left + PLOT.width}" y="28" text-anchor="end" fill="#8a95a4" font-size="11">${escapeXml(caption)}</text>
${[...grid, ...axis, ...curves, ...legend].join('\n')}
</svg>
`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
