import { visibleName } from '../../text/visibleName.ts';
import type { MatrixScene } from './matrixScene.ts';
import { visibleRange } from './matrixView.ts';

/** Pixels between the beginnings of two names. */
const NAME_PITCH = 13;
const NAME_PX = 11;

interface Size {
  readonly width: number;
  readonly height: number;
}

export const nameFont = (font: string): string => `${NAME_PX}px ${font}`;

/** Draws names left of the rows and above the columns, and the images of each row and column on the other sides. */
export function drawMargins(context: CanvasRenderingContext2D, scene: MatrixScene, size: Size): void {
  context.font = nameFont(scene.colors.theme.font);
  context.textBaseline = 'middle';
  drawRows(context, scene, size);
  drawColumns(context, scene, size);
}

function drawRows(context: CanvasRenderingContext2D, scene: MatrixScene, size: Size): void {
  const { frame, view, arranged } = scene;
  const { order, matrix } = arranged;
  const right = frame.left + Math.min(frame.width, size.width * order.length);
  for (const place of shownPlaces(scene, 'row', size.height)) {
    const y = frame.top + (place + 0.5) * size.height - view.y;
    if (y < frame.top - 1 || y > frame.top + frame.height + 1) continue;
    const k = order[place] ?? 0;
    context.fillStyle = inkOf(scene, k, scene.place?.row === place);
    context.textAlign = 'right';
    context.fillText(
      shortened(context, visibleName(matrix.names[k] ?? ''), frame.left - 12),
      frame.left - 6,
      y,
    );
    context.textAlign = 'left';
    context.fillText(String(matrix.totals.support[k] ?? 0), right + 6, y);
  }
}

function drawColumns(context: CanvasRenderingContext2D, scene: MatrixScene, size: Size): void {
  const { frame, view, arranged } = scene;
  const { order, matrix } = arranged;
  const below = frame.top + Math.min(frame.height, size.height * order.length) + 11;
  const shown = shownPlaces(scene, 'column', size.width);
  const names = new Map(shown.map((place) => [place, visibleName(matrix.names[order[place] ?? 0] ?? '')]));
  const isLevel = [...names.values()].every((name) => context.measureText(name).width <= size.width - 4);
  for (const [place, name] of names) {
    const x = frame.left + (place + 0.5) * size.width - view.x;
    if (x < frame.left - 1 || x > frame.left + frame.width + 1) continue;
    const k = order[place] ?? 0;
    context.fillStyle = inkOf(scene, k, scene.place?.column === place);
    context.textAlign = isLevel ? 'center' : 'left';
    context.save();
    context.translate(x, frame.top - (isLevel ? 10 : 6));
    if (!isLevel) context.rotate(-Math.PI / 2);
    context.fillText(isLevel ? name : shortened(context, name, frame.top - 10), 0, 0);
    context.restore();
    const total = String(matrix.totals.decided[k] ?? 0);
    context.textAlign = 'center';
    if (context.measureText(total).width <= size.width - 2) context.fillText(total, x, below);
  }
}

/** Places whose names have room, and those of the place and of the emphasized class instead of their neighbours. */
function shownPlaces(scene: MatrixScene, side: 'row' | 'column', size: number): number[] {
  const { frame, view, arranged, place, emphasized } = scene;
  const [offset, room] = side === 'row' ? [view.y, frame.height] : [view.x, frame.width];
  const [from, to] = visibleRange(offset, size, room, arranged.order.length);
  const step = Math.max(1, Math.ceil(NAME_PITCH / size));
  const special = [place?.[side], emphasized === null ? undefined : arranged.places[emphasized]].filter(
    (at) => at !== undefined && at >= from && at < to,
  );
  const regular = Array.from({ length: Math.ceil((to - from) / step) }, (_, at) => from + at * step);
  const kept: number[] = [];
  for (const at of [...special, ...regular])
    if (at !== undefined && kept.every((other) => Math.abs(other - at) * size >= NAME_PITCH || step === 1))
      if (!kept.includes(at)) kept.push(at);
  return kept;
}

function inkOf({ colors, emphasized }: MatrixScene, k: number, isPlace: boolean): string {
  if (k === emphasized) return colors.theme.color('--accent');
  return isPlace ? colors.theme.text : colors.theme.color('--dim');
}

/** The beginning of a name that fits `room` pixels. */
function shortened(context: CanvasRenderingContext2D, name: string, room: number): string {
  if (context.measureText(name).width <= room) return name;
  const letters = [...name];
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (context.measureText(`${letters.slice(0, middle).join('')}…`).width <= room) fits = middle;
    else tooLong = middle;
  }
  return `${letters.slice(0, fits).join('')}…`;
}
