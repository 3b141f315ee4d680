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
export const LEAST_FIRST_ZOOM = 0.5;
/** A block that one asked for is shown at least this large. */
export const LEAST_READABLE = 0.8;
const STILL_SEEN_ZOOM = 0.5;
const MARGIN_PX = 24;
/** What lies over the canvas: the zoom bar along the bottom, the map in the right corner. */
const ZOOM_BAR_PX = 52;
const MAP_PX = { width: 174, height: 120 };

interface Room extends Size {
  readonly zoom: number;
}

/** The part of a window of `size` in which `area` is largest, clear of the zoom bar and of the map in the corner. */
function bestRoom(size: Size, area: Area): Room {
  const roomOf = (width: number, height: number): Room => ({
    width,
    height,
    zoom: Math.min(LARGEST_ZOOM, width / area.width, height / area.height),
  });
  const whole = roomOf(size.width - 2 * MARGIN_PX, size.height - ZOOM_BAR_PX - MARGIN_PX);
  const right = MARGIN_PX + (whole.width + area.width * whole.zoom) / 2;
  const bottom = MARGIN_PX + (whole.height + area.height * whole.zoom) / 2;
  if (right <= size.width - MAP_PX.width || bottom <= size.height - MAP_PX.height) return whole;
  const beside = roomOf(size.width - MAP_PX.width - MARGIN_PX, whole.height);
  const above = roomOf(whole.width, size.height - MAP_PX.height - MARGIN_PX);
  return beside.zoom >= above.zoom ? beside : above;
}

/** The whole of `area` in the free part of a window of `size`, at least at `leastZoom`; what is too large then shows its top left. */
export function fittingView(size: Size, area: Area, leastZoom: number): View {
  const room = bestRoom(size, area);
  const zoom = Math.max(leastZoom, room.zoom);
  const place = (from: number, extent: number, available: number): number =>
    MARGIN_PX + Math.max(0, available - extent * zoom) / 2 - from * zoom;
  return {
    x: place(area.x, area.width, room.width),
    y: place(area.y, area.height, room.height),
    zoom,
  };
}

/** First sight of a network: all of it if it can be made out, else its beginning. */
export function firstView(size: Size, area: Area): View {
  return fittingView(size, area, LEAST_FIRST_ZOOM);
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
