import type { CanvasPoint } from './dragZoom.ts';
import type { ScaleImage } from './chartScales.ts';
import { placeLabels } from './labelRows.ts';
import type { DrawnRun, Metric } from './lines.ts';
import type { NotFinite } from '../series/runSeries.ts';
import type { XAxis } from '../series/series.ts';

/** A position on the x axis where something happened that no line can show. */
export interface ChartMark {
  readonly x: number;
  /** CSS token of the run's colour. */
  readonly color: string;
  /** Its label, in wordings from long to short. */
  readonly words: readonly string[];
}

/** Where a run's loss was not finite: the chart has a gap there. */
interface NotFiniteAt {
  readonly run: DrawnRun;
  readonly of: NotFinite['of'];
  readonly step: number;
  readonly x: number;
}

/** The marks in the chart of `metric`; only losses can be not finite. */
export function notFiniteOf(runs: readonly DrawnRun[], metric: Metric, axis: XAxis): NotFiniteAt[] {
  if (metric !== 'loss') return [];
  return runs.flatMap((run) =>
    run.series.notFinite.map(({ of, step, epoch, elapsedMs }) => ({
      ...{ run, of, step },
      x: { step, epoch, time: elapsedMs }[axis],
    })),
  );
}

/** Maximum number of label rows; further marks have no label. */
const ROWS = 3;
const CROSS_PX = 3.5;

type MarkedImage = ScaleImage & { readonly marks: readonly ChartMark[] };
interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Draws each mark inside the plot as a dotted line with a cross at its top, and its label beside it where there is
 * space.
 */
export function drawMarks(
  context: CanvasRenderingContext2D,
  picture: MarkedImage,
  area: Area,
  scale: { getPixelForValue(value: number): number },
): void {
  const marks = picture.marks
    .map((mark) => ({ ...mark, at: scale.getPixelForValue(mark.x) }))
    .filter(({ at }) => at >= area.left - 1 && at <= area.right + 1);
  if (marks.length === 0) return;
  const { theme, fontSize } = picture;
  context.save();
  context.font = `${fontSize}px ${theme.font}`;
  context.textBaseline = 'middle';
  const widthOf = (text: string): number => context.measureText(text).width;
  const labels = marks.map(({ at, words }) => ({ at, widths: words.map(widthOf) }));
  const places = placeLabels(labels, { from: area.left, to: area.right }, ROWS);
  const rowAt = (row: number): number => area.top + row * (fontSize + 6) + fontSize / 2 + 2;
  for (const [index, { at, color }] of marks.entries()) {
    drawCross(context, { x: at, y: rowAt(places[index]?.row ?? 0) }, area, theme.color(color));
  }
  // Drawn over all lines.
  for (const [index, place] of places.entries()) {
    const words = place === null ? undefined : marks[index]?.words[place.choice];
    if (place === null || words === undefined) continue;
    const y = rowAt(place.row);
    context.fillStyle = theme.background;
    context.fillRect(place.left - 2, y - fontSize / 2 - 2, widthOf(words) + 4, fontSize + 4);
    context.fillStyle = theme.text;
    context.fillText(words, place.left, y);
  }
  context.restore();
}

function drawCross(
  context: CanvasRenderingContext2D,
  { x, y }: CanvasPoint,
  area: Area,
  color: string,
): void {
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(x, area.top);
  context.lineTo(x, area.bottom);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - CROSS_PX, y - CROSS_PX);
  context.lineTo(x + CROSS_PX, y + CROSS_PX);
  context.moveTo(x + CROSS_PX, y - CROSS_PX);
  context.lineTo(x - CROSS_PX, y + CROSS_PX);
  context.stroke();
}
