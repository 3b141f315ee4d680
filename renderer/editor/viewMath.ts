interface Size {
  readonly width: number;
  readonly height: number;
}
interface Area extends Size {
  readonly x: number;
  readonly y: number;
}
/** Canvas position times `zoom` plus `x`, `y` is the position in the window of the canvas, in pixels. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Fitting a small network does not blow it up beyond its natural size. */
export const LARGEST_ZOOM = 1;
/** A network is first shown at least this large, its beginning in view. */
export const LEAST_FIRST_ZOOM = 0.6;
/** A block that one asked for is shown at least this large. */
export const LEAST_READABLE = 0.8;
const STILL_SEEN_ZOOM = 0.5;
const MARGIN_PX = 24;

/** The whole of `area` in the middle of a window of `size` if it can be read there, else its top left corner. */
export function firstView(size: Size, area: Area): View {
  const room = { width: size.width - 2 * MARGIN_PX, height: size.height - 2 * MARGIN_PX };
  const whole = Math.min(room.width / area.width, room.height / area.height);
  const zoom = Math.min(LARGEST_ZOOM, Math.max(LEAST_FIRST_ZOOM, whole));
  const place = (from: number, extent: number, available: number): number =>
    MARGIN_PX + Math.max(0, available - extent * zoom) / 2 - from * zoom;
  return {
    x: place(area.x, area.width, room.width),
    y: place(area.y, area.height, room.height),
    zoom,
  };
}

/** True when all of `area` is within a window of `size`, large enough to be made out. */
export function isSeen(size: Size, area: Area, view: View): boolean {
  const left = area.x * view.zoom + view.x;
  const top = area.y * view.zoom + view.y;
  const fits =
    left >= 0 &&
    top >= 0 &&
    left + area.width * view.zoom <= size.width &&
    top + area.height * view.zoom <= size.height;
  return fits && view.zoom >= STILL_SEEN_ZOOM;
}
