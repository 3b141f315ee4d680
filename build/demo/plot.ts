/** One point of a curve: `x` from 0 to 1 across the panel, `y` in the panel's own unit. */
interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Panel {
  readonly title: string;
  /** In order of `x`. */
  readonly points: readonly Point[];
  /** The value at the upper edge; the lower edge is 0. Values above it are drawn at the edge. */
  readonly top: number;
  /** Formats a value for the axis. */
  readonly label: (value: number) => string;
}

/** Width of the axis numbers. */
const LABEL_WIDTH = 5;
/** Cells left of the curve: the numbers, a blank and the axis itself. */
const AXIS_WIDTH = LABEL_WIDTH + 2;

/**
 * A Braille character is a grid of 2 by 4 dots; its bits run down the left column, then the right; the fourth row comes
 * last.
 */
const BRAILLE = 0x2800;
const DOT_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const DOTS_ACROSS = 2;
const DOTS_DOWN = DOT_BITS.length;

/**
 * A panel as lines of text: title, `rows` lines of curve with the numbers of its axis, and the axis below. No line is
 * longer than `columns`. Points in the same column of dots are averaged; neighbouring columns are connected.
 */
export function drawPanel(panel: Panel, columns: number, rows: number): string[] {
  const width = Math.max(1, columns - AXIS_WIDTH);
  const curve = drawCurve(panel, width, rows).map((line, row) => {
    const label = row === 0 ? panel.label(panel.top) : '';
    return `${label.padStart(LABEL_WIDTH)} ${row === 0 ? '┤' : '│'}${line}`;
  });
  const title = `${' '.repeat(AXIS_WIDTH)}${panel.title}`;
  return [title, ...curve, `${panel.label(0).padStart(LABEL_WIDTH)} └${'─'.repeat(width)}`];
}

function drawCurve({ points, top }: Panel, width: number, rows: number): string[] {
  const cells = Array.from({ length: rows }, () => new Uint8Array(width));
  const lowest = rows * DOTS_DOWN - 1;
  let last: { column: number; row: number } | null = null;
  for (const { column, mean } of columnMeans(points, width * DOTS_ACROSS)) {
    const height = Math.min(1, Math.max(0, top > 0 ? mean / top : 0));
    const row = Math.round((1 - height) * lowest);
    for (const [x, y] of lineOfDots(last ?? { column, row }, { column, row })) setDot(cells, x, y);
    last = { column, row };
  }
  return cells.map((line) =>
    [...line].map((bits) => (bits === 0 ? ' ' : String.fromCharCode(BRAILLE + bits))).join(''),
  );
}

function setDot(cells: readonly Uint8Array[], x: number, y: number): void {
  const line = cells[Math.floor(y / DOTS_DOWN)];
  const bit = DOT_BITS[y % DOTS_DOWN]?.[x % DOTS_ACROSS] ?? 0;
  const cell = Math.floor(x / DOTS_ACROSS);
  if (line !== undefined) line[cell] = (line[cell] ?? 0) | bit;
}

function columnMeans(points: readonly Point[], columns: number): { column: number; mean: number }[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { x, y } of points) {
    const column = Math.min(columns - 1, Math.max(0, Math.floor(x * columns)));
    const { sum, count } = sums.get(column) ?? { sum: 0, count: 0 };
    sums.set(column, { sum: sum + y, count: count + 1 });
  }
  return [...sums].map(([column, { sum, count }]) => ({ column, mean: sum / count }));
}

/** Every dot of the straight line between two dots, both ends included. */
function lineOfDots(
  from: { column: number; row: number },
  to: { column: number; row: number },
): [x: number, y: number][] {
  const length = Math.max(Math.abs(to.column - from.column), Math.abs(to.row - from.row), 1);
  return Array.from({ length: length + 1 }, (_, i) => [
    Math.round(from.column + ((to.column - from.column) * i) / length),
    Math.round(from.row + ((to.row - from.row) * i) / length),
  ]);
}
