/** A point of the canvas, in CSS pixels from its upper left corner. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The range that a drag selects: of x, of y, or of both; null for an axis that stays unchanged. */
export interface DragZoom {
  readonly x: Stretch | null;
  readonly y: Stretch | null;
}

/** Shortest drag that zooms, in CSS pixels: less is a click. */
const MIN_DRAG_PX = 6;
/** A drag whose longer side exceeds the other by this factor zooms only that axis. */
const ONE_AXIS_RATIO = 4;

/** The ranges that a drag from `start` to `end` selects; null for a click. */
export function dragZoom(start: CanvasPoint, end: CanvasPoint): DragZoom | null {
  const [width, height] = [Math.abs(end.x - start.x), Math.abs(end.y - start.y)];
  const hasX = width >= MIN_DRAG_PX && width * ONE_AXIS_RATIO >= height;
  const hasY = height >= MIN_DRAG_PX && height * ONE_AXIS_RATIO >= width;
  if (!hasX && !hasY) return null;
  return { x: hasX ? stretch(start.x, end.x) : null, y: hasY ? stretch(start.y, end.y) : null };
}

function stretch(a: number, b: number): Stretch {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}
