/** The part of the drawing that holds the cells, in pixels: names are left and above, totals right and below. */
export interface MatrixFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const TOTALS = { right: 52, below: 20 };
const NAMES = { left: 160, above: 110 };
/** Height of names above the columns that are not turned. */
const LEVEL_NAMES = 22;

/** Leaves room for names of up to `longestName` pixels; those above the columns stand upright where they do not fit. */
export function frameOf(
  box: { readonly width: number; readonly height: number },
  longestName: number,
  classes: number,
): MatrixFrame {
  const left = Math.min(NAMES.left, 0.3 * box.width, longestName + 16);
  const frameBelow = (top: number): MatrixFrame => ({
    ...{ left, top },
    width: Math.max(1, box.width - left - TOTALS.right),
    height: Math.max(1, box.height - top - TOTALS.below),
  });
  const level = frameBelow(LEVEL_NAMES);
  if (cellSize(level, classes, 1).width >= longestName + 6) return level;
  return frameBelow(Math.min(NAMES.above, 0.3 * box.height, longestName + 14));
}

/** How far the matrix is enlarged and moved. */
export interface MatrixView {
  /** 1: the whole matrix fits its frame. */
  readonly zoom: number;
  /** Pixels of the enlarged matrix that are left of the frame and above it. */
  readonly x: number;
  readonly y: number;
}
export const WHOLE_MATRIX: MatrixView = { zoom: 1, x: 0, y: 0 };

/** A position of the matrix: row and column as they are shown. */
export interface MatrixPlace {
  readonly row: number;
  readonly column: number;
}

/** Cells may be wider than high: a low dock has room for numbers then. */
const MOST_ASPECT = 2.4;
const LARGEST = { width: 84, height: 40 };
/** A cell can be enlarged to at least this height. */
const READABLE = 30;

/** Width and height of a cell in pixels. */
export function cellSize(
  frame: MatrixFrame,
  classes: number,
  zoom: number,
): { readonly width: number; readonly height: number } {
  const height = Math.min(LARGEST.height, frame.height / classes);
  const width = Math.min(LARGEST.width, frame.width / classes, MOST_ASPECT * height);
  return { width: width * zoom, height: Math.min(height, width * MOST_ASPECT) * zoom };
}

export function mostZoom(frame: MatrixFrame, classes: number): number {
  return Math.max(1, READABLE / cellSize(frame, classes, 1).height);
}

/** The view with its zoom and its position within bounds. */
export function boundedView(view: MatrixView, frame: MatrixFrame, classes: number): MatrixView {
  const zoom = Math.min(mostZoom(frame, classes), Math.max(1, view.zoom));
  const { width, height } = cellSize(frame, classes, zoom);
  const within = (value: number, most: number): number => Math.min(Math.max(0, most), Math.max(0, value));
  return {
    zoom,
    x: within(view.x, width * classes - frame.width),
    y: within(view.y, height * classes - frame.height),
  };
}

/** The view enlarged by `factor`; the place of the matrix under `point` stays there. */
export function zoomedView(
  view: MatrixView,
  factor: number,
  point: { readonly x: number; readonly y: number },
  { frame, classes }: { readonly frame: MatrixFrame; readonly classes: number },
): MatrixView {
  const zoom = Math.min(mostZoom(frame, classes), Math.max(1, view.zoom * factor));
  const scale = zoom / view.zoom;
  const [x, y] = [point.x - frame.left, point.y - frame.top];
  return boundedView({ zoom, x: (view.x + x) * scale - x, y: (view.y + y) * scale - y }, frame, classes);
}

/** The place under a point of the drawing; null beside the cells. */
export function placeAt(
  point: { readonly x: number; readonly y: number },
  view: MatrixView,
  frame: MatrixFrame,
  classes: number,
): MatrixPlace | null {
  const [x, y] = [point.x - frame.left, point.y - frame.top];
  if (x < 0 || y < 0 || x >= frame.width || y >= frame.height) return null;
  const { width, height } = cellSize(frame, classes, view.zoom);
  const place = { row: Math.floor((y + view.y) / height), column: Math.floor((x + view.x) / width) };
  return place.row < classes && place.column < classes ? place : null;
}

/** The view moved just as far as shows a place. */
export function viewWith(
  place: MatrixPlace,
  view: MatrixView,
  frame: MatrixFrame,
  classes: number,
): MatrixView {
  const { width, height } = cellSize(frame, classes, view.zoom);
  const shownAt = (from: number, at: number, size: number, room: number): number =>
    Math.min(at * size, Math.max((at + 1) * size - room, from));
  return boundedView(
    {
      zoom: view.zoom,
      x: shownAt(view.x, place.column, width, frame.width),
      y: shownAt(view.y, place.row, height, frame.height),
    },
    frame,
    classes,
  );
}

/** The rows or columns of size `size` that are visible in `room` pixels from `offset` on: `from` to `to` - 1. */
export function visibleRange(offset: number, size: number, room: number, classes: number): [number, number] {
  return [Math.max(0, Math.floor(offset / size)), Math.min(classes, Math.ceil((offset + room) / size))];
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** The place that a key moves to; the first cell where there is none yet, and null for another key. */
export function placeAfterKey(key: string, place: MatrixPlace | null, classes: number): MatrixPlace | null {
  const step = STEPS[key];
  if (step === undefined) return null;
  if (place === null) return { row: 0, column: 0 };
  const within = (value: number): number => Math.min(classes - 1, Math.max(0, value));
  return { row: within(place.row + step[0]), column: within(place.column + step[1]) };
}
