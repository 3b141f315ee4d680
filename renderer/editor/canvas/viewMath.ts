interface Size {
  readonly width: number;
  readonly height: number;
}
interface Point {
  readonly x: number;
  readonly y: number;
}
interface Area extends Size, Point {}
/** Canvas position times `zoom` plus `x`, `y` is the position in the canvas's window, in pixels. */
interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Fitting does not enlarge a small network beyond its natural size. */
const LARGEST_ZOOM = 1;
/** Minimum zoom of the first view of a network, which begins at its beginning. */
export const LEAST_FIRST_ZOOM = 0.5;
/** Minimum zoom for a block that is brought into view. */
export const LEAST_READABLE = 0.8;
const STILL_SEEN_ZOOM = 0.5;
/**
 * Margin of fitting on every side. It is wider than the edge at which the canvas pans by itself, so that no port lies
 * there.
 */
export const MARGIN_PX = 48;
/** A pointer this near to the edge of the canvas, or beyond it, pans the canvas during a drag. */
export const EDGE_PX = 8;
const SHOWN_MARGIN_PX = 16;
/** The overlays of the canvas: the zoom bar along the bottom, the map in the right corner. */
const ZOOM_BAR_PX = 52;
const MAP_PX = { width: 174, height: 120 };

interface Room extends Size {
  readonly zoom: number;
}

/** The part of a window of `size` in which `area` appears largest, outside the zoom bar and the map in the corner. */
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

/**
 * The view of the whole `area` in the free part of a window of `size`, at least at `leastZoom`; if it is too large
 * then, of its top left.
 */
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

/** First view of a network: all of it if it is readable, else its beginning. */
export function firstView(size: Size, area: Area): View {
  return fittingView(size, area, LEAST_FIRST_ZOOM);
}

/** True when all of `area` is visible in a window of `size`, and large enough to be readable. */
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

/** True when the screen point `at` is at the edge of `box` or outside it. */
export function isAtEdge(box: Area, at: Point): boolean {
  return (
    at.x < box.x + EDGE_PX ||
    at.x > box.x + box.width - EDGE_PX ||
    at.y < box.y + EDGE_PX ||
    at.y > box.y + box.height - EDGE_PX
  );
}

/**
 * The part of the canvas that a window of `size` shows, without its edges and the zoom bar; and the part under the map.
 */
export function roomOf(size: Size, view: View): { readonly view: Area; readonly covered: readonly Area[] } {
  const toCanvas = (area: Area): Area => ({
    x: (area.x - view.x) / view.zoom,
    y: (area.y - view.y) / view.zoom,
    width: area.width / view.zoom,
    height: area.height / view.zoom,
  });
  const margin = SHOWN_MARGIN_PX;
  const height = size.height - ZOOM_BAR_PX - margin;
  const map = { x: size.width - MAP_PX.width, y: size.height - MAP_PX.height, ...MAP_PX };
  return {
    view: toCanvas({ x: margin, y: margin, width: size.width - 2 * margin, height }),
    covered: [toCanvas(map)],
  };
}

/**
 * `view` moved as little as needed to show all of `area`; its beginning where it is too large. The zoom is unchanged.
 */
export function viewShowing(size: Size, area: Area, view: View): View {
  const move = (from: number, extent: number, at: number, available: number): number => {
    const start = from * view.zoom + at;
    const end = start + extent * view.zoom;
    const late = Math.max(0, end - (available - SHOWN_MARGIN_PX));
    return at - late + Math.max(0, SHOWN_MARGIN_PX - (start - late));
  };
  return {
    x: move(area.x, area.width, view.x, size.width),
    y: move(area.y, area.height, view.y, size.height),
    zoom: view.zoom,
  };
}
