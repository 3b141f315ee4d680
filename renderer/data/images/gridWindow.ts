/** The visible cells of a grid, and their position. */
interface GridWindow {
  readonly columns: number;
  /** Height of all rows, in pixels: the length of the scroll bar. */
  readonly height: number;
  /** Cells from `from` to `to` - 1 are drawn, starting `top` pixels down. */
  readonly from: number;
  readonly to: number;
  readonly top: number;
  /**
   * Number of cells that suffices for any scroll position: cells whose numbers differ by it are never drawn together.
   */
  readonly cells: number;
}

/** Rows drawn above and below the visible ones, so that scrolling shows no gaps. */
const SPARE_ROWS = 2;

/** Lays out `count` square cells of `cell` pixels in a box of `width` x `height`, scrolled down by `scrolled`. */
export function gridWindow(
  count: number,
  cell: number,
  box: { readonly width: number; readonly height: number; readonly scrolled: number },
): GridWindow {
  const columns = Math.max(1, Math.floor(box.width / cell));
  const rows = Math.ceil(count / columns);
  const first = Math.min(rows, Math.max(0, Math.floor(box.scrolled / cell) - SPARE_ROWS));
  const last = Math.min(rows, Math.ceil((box.scrolled + box.height) / cell) + SPARE_ROWS);
  // When a row is scrolled half way, one more row is visible than fits.
  const most = Math.ceil(box.height / cell) + 1 + 2 * SPARE_ROWS;
  return {
    columns,
    cells: most * columns,
    height: rows * cell,
    from: first * columns,
    to: Math.min(count, last * columns),
    top: first * cell,
  };
}
