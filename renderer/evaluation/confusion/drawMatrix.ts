import { cellText, valueOf } from './confusionMatrix.ts';
import { drawMargins } from './drawMargins.ts';
import { colorOf, type MatrixScene } from './matrixScene.ts';
import { cellSize, visibleRange } from './matrixView.ts';

/** Smaller cells have no number, and no line around them. */
const NUMBERED = { width: 15, height: 13 };
const LINED = 7;

/** Size of a canvas in CSS pixels, the unit in which it is drawn. */
interface Box {
  readonly width: number;
  readonly height: number;
}

/** Draws the cells. */
export function drawMatrix(context: CanvasRenderingContext2D, scene: MatrixScene, box: Box): void {
  inFrame(context, scene, box, (size) => {
    if (Math.min(size.width, size.height) >= LINED) drawLines(context, scene, size);
    drawCells(context, scene, size);
  });
}

/**
 * Draws what changes with the pointer over the cells, and the names around them: a matrix of 1,000 classes is not drawn
 * anew for every movement.
 */
export function drawOverMatrix(context: CanvasRenderingContext2D, scene: MatrixScene, box: Box): void {
  inFrame(context, scene, box, (size) => {
    drawBands(context, scene, size);
    if (scene.place !== null) drawPlace(context, scene, size);
  });
  const { frame, view, arranged } = scene;
  const size = cellSize(frame, arranged.order.length, view.zoom);
  const [width, height] = shownSize(scene, size);
  context.strokeStyle = scene.colors.theme.color('--line-strong');
  context.lineWidth = 1;
  context.strokeRect(frame.left - 0.5, frame.top - 0.5, width + 1, height + 1);
  drawMargins(context, scene, size);
}

/** Width and height of the part of the frame that holds cells. */
function shownSize({ frame, arranged }: MatrixScene, size: Size): [number, number] {
  const classes = arranged.order.length;
  return [Math.min(frame.width, size.width * classes), Math.min(frame.height, size.height * classes)];
}

/** Clears the canvas and draws inside the frame, from the corner of the matrix. */
function inFrame(
  context: CanvasRenderingContext2D,
  scene: MatrixScene,
  box: Box,
  draw: (size: Size) => void,
): void {
  context.clearRect(0, 0, box.width, box.height);
  const { frame, view, arranged } = scene;
  const size = cellSize(frame, arranged.order.length, view.zoom);
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, ...shownSize(scene, size));
  context.clip();
  context.translate(frame.left - view.x, frame.top - view.y);
  draw(size);
  context.restore();
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The rows and columns of the emphasized class and of the place. */
function drawBands(context: CanvasRenderingContext2D, scene: MatrixScene, size: Size): void {
  const { arranged, emphasized, place } = scene;
  const all = arranged.order.length;
  const band = (row: number, column: number): void => {
    context.fillRect(0, row * size.height, all * size.width, Math.max(1, size.height));
    context.fillRect(column * size.width, 0, Math.max(1, size.width), all * size.height);
  };
  context.fillStyle = scene.colors.theme.color('--accent-soft');
  if (place !== null) band(place.row, place.column);
  const at = emphasized === null ? undefined : arranged.places[emphasized];
  if (at !== undefined) band(at, at);
}

function drawLines(context: CanvasRenderingContext2D, scene: MatrixScene, size: Size): void {
  const { frame, view, arranged } = scene;
  const classes = arranged.order.length;
  const [fromRow, toRow] = visibleRange(view.y, size.height, frame.height, classes);
  const [fromColumn, toColumn] = visibleRange(view.x, size.width, frame.width, classes);
  context.beginPath();
  for (let row = fromRow; row <= toRow; row += 1) {
    context.moveTo(fromColumn * size.width, row * size.height);
    context.lineTo(toColumn * size.width, row * size.height);
  }
  for (let column = fromColumn; column <= toColumn; column += 1) {
    context.moveTo(column * size.width, fromRow * size.height);
    context.lineTo(column * size.width, toRow * size.height);
  }
  context.strokeStyle = scene.colors.theme.grid;
  context.lineWidth = 1;
  context.stroke();
}

function drawCells(context: CanvasRenderingContext2D, scene: MatrixScene, size: Size): void {
  const { arranged, colors, frame, view } = scene;
  const { matrix, places, drawing, steps } = arranged;
  const gap = Math.min(size.width, size.height) >= LINED ? 1 : 0;
  const [width, height] = [Math.max(1, size.width - gap), Math.max(1, size.height - gap)];
  const hasNumbers = size.width >= NUMBERED.width && size.height >= NUMBERED.height;
  context.font = `${hasNumbers ? Math.min(12, size.height - 2) : 11}px ${colors.theme.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const index of drawing) {
    const [truth, decided] = matrix.cells[index] ?? [0, 0];
    const x = (places[decided] ?? 0) * size.width;
    const y = (places[truth] ?? 0) * size.height;
    if (x + width < view.x || y + height < view.y || x > view.x + frame.width || y > view.y + frame.height)
      continue;
    const { fill, ink } = colorOf(colors, truth === decided, steps[index] ?? 0);
    context.fillStyle = fill;
    context.fillRect(x + gap, y + gap, width, height);
    if (!hasNumbers) continue;
    const value = valueOf(matrix, arranged.kind, truth, decided) ?? 0;
    const text = [true, false]
      .map((hasRoom) => cellText(arranged.kind, value, hasRoom))
      .find((wanted) => context.measureText(wanted).width <= size.width - 4);
    context.fillStyle = ink;
    if (text !== undefined) context.fillText(text, x + size.width / 2 + gap / 2, y + size.height / 2 + gap);
  }
}

/** A frame around the place: thick for the keyboard's cursor, and never smaller than a few pixels. */
function drawPlace(context: CanvasRenderingContext2D, scene: MatrixScene, size: Size): void {
  const { place, isCursor, colors } = scene;
  if (place === null) return;
  const [width, height] = [Math.max(5, size.width), Math.max(5, size.height)];
  const x = (place.column + 0.5) * size.width - width / 2;
  const y = (place.row + 0.5) * size.height - height / 2;
  context.strokeStyle = colors.theme.text;
  context.lineWidth = isCursor ? 2 : 1;
  context.strokeRect(x + 0.5, y + 0.5, width, height);
}
