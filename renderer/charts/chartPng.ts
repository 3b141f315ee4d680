import { fitText, wrapRows } from './labelRows.ts';
import { createLineChart, LINE_LOOK, type Picture } from './lineChart.ts';
import type { LineRole } from './lines.ts';

/** An entry of the legend: a run, or the style of a kind of line. */
export interface LegendEntry {
  readonly words: string;
  /** CSS token of its colour. */
  readonly color: string;
  readonly role: LineRole;
}

/** A chart as an image to be saved: it contains everything that the screen shows around the chart. */
interface ChartSheet {
  readonly title: string;
  readonly subtitle: string;
  readonly legend: readonly LegendEntry[];
  readonly picture: Picture & { readonly titles: { readonly x: string; readonly y: string } };
}

/** Width of the sheet in CSS pixels, and image pixels per CSS pixel: 1920 wide on every screen. */
const SHEET_WIDTH = 960;
export const SHEET_RATIO = 2;
/** Margins of the plot inside the sheet. */
export const PLOT_WIDTH = SHEET_WIDTH - 2 * 28;
const PLOT_HEIGHT = 470;
const MARGIN = 28;
const TITLE_SIZE = 20;
const TEXT_SIZE = 13;
const ROW_HEIGHT = 21;
const SWATCH_PX = 26;
const ENTRY_GAP = 22;

/** The sheet as PNG, on its theme's background; null where the browser cannot create one. */
export async function chartPng(sheet: ChartSheet): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const { theme } = sheet.picture;
  const font = `${TEXT_SIZE}px ${theme.font}`;
  context.font = font;
  const rows = legendRows(context, sheet.legend);
  const top = MARGIN + TITLE_SIZE + 8 + ROW_HEIGHT;
  const plotTop = top + rows.length * ROW_HEIGHT + 10;
  canvas.width = SHEET_WIDTH * SHEET_RATIO;
  canvas.height = (plotTop + PLOT_HEIGHT + MARGIN) * SHEET_RATIO;
  context.scale(SHEET_RATIO, SHEET_RATIO);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, SHEET_WIDTH, canvas.height / SHEET_RATIO);
  drawHead(context, sheet);
  context.font = font;
  rows.forEach((row, index) => drawRow(context, row, top + index * ROW_HEIGHT, sheet.picture));
  drawPlot(context, sheet.picture, plotTop);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function drawHead(context: CanvasRenderingContext2D, { title, subtitle, picture }: ChartSheet): void {
  const { theme } = picture;
  context.textBaseline = 'top';
  context.font = `600 ${TITLE_SIZE}px ${theme.font}`;
  context.fillStyle = theme.text;
  const widthOf = (text: string): number => context.measureText(text).width;
  context.fillText(fitText(title, PLOT_WIDTH, widthOf), MARGIN, MARGIN);
  context.font = `${TEXT_SIZE}px ${theme.font}`;
  context.fillStyle = theme.ticks;
  context.fillText(subtitle, MARGIN, MARGIN + TITLE_SIZE + 8);
}

interface FittedEntry extends LegendEntry {
  readonly width: number;
}

function legendRows(
  context: CanvasRenderingContext2D,
  legend: readonly LegendEntry[],
): readonly (readonly FittedEntry[])[] {
  const widthOf = (text: string): number => context.measureText(text).width;
  const fitted = legend.map((entry) => {
    const words = fitText(entry.words, PLOT_WIDTH - SWATCH_PX - 8, widthOf);
    return { ...entry, words, width: SWATCH_PX + 8 + widthOf(words) };
  });
  const widths = fitted.map(({ width }) => width);
  return wrapRows(widths, ENTRY_GAP, PLOT_WIDTH).map((row) => row.flatMap((index) => fitted[index] ?? []));
}

function drawRow(
  context: CanvasRenderingContext2D,
  row: readonly FittedEntry[],
  top: number,
  { theme }: Picture,
): void {
  let x = MARGIN;
  for (const { words, color, role, width } of row) {
    const { dash, alpha, width: thickness } = LINE_LOOK[role];
    context.globalAlpha = alpha;
    context.strokeStyle = theme.color(color);
    context.lineWidth = thickness * 1.5;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(x, top + TEXT_SIZE / 2);
    context.lineTo(x + SWATCH_PX, top + TEXT_SIZE / 2);
    context.stroke();
    context.globalAlpha = 1;
    context.setLineDash([]);
    context.fillStyle = theme.text;
    context.fillText(words, x + SWATCH_PX + 8, top);
    x += width + ENTRY_GAP;
  }
}

function drawPlot(context: CanvasRenderingContext2D, picture: Picture, top: number): void {
  const canvas = document.createElement('canvas');
  canvas.width = PLOT_WIDTH;
  canvas.height = PLOT_HEIGHT;
  const chart = createLineChart(canvas, { ratio: SHEET_RATIO });
  chart.show({ ...picture, lineScale: 1.3, fontSize: TEXT_SIZE, highlighted: null });
  context.drawImage(canvas, MARGIN, top, PLOT_WIDTH, PLOT_HEIGHT);
  chart.destroy();
}
