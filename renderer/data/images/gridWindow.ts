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

/** Width and height in pixels. */
export interface GridSize {
  readonly width: number;
  readonly height: number;
}

/** Rows drawn above and below the visible ones, so that scrolling shows no gaps. */
const SPARE_ROWS = 2;

/** Lays out `count` cells of a size, square ones by their side, in a box, scrolled down by `scrolled` pixels. */
export function gridWindow(
  count: number,
  size: GridSize | number,
  box: GridSize & { readonly scrolled: number },
): GridWindow {
  const cell = typeof size === 'number' ? { width: size, height: size } : size;
  const columns = Math.max(1, Math.floor(box.width / cell.width));
  const rows = Math.ceil(count / columns);
  const first = Math.min(rows, Math.max(0, Math.floor(box.scrolled / cell.height) - SPARE_ROWS));
  const last = Math.min(rows, Math.ceil((box.scrolled + box.height) / cell.height) + SPARE_ROWS);
  // When a row is scrolled half way, one more row is visible than fits.
  const most = Math.ceil(box.height / cell.height) + 1 + 2 * SPARE_ROWS;
  return {
    columns,
    cells: most * columns,
    height: rows * cell.height,
    from: first * columns,
    to: Math.min(count, last * columns),
    top: first * cell.height,
  };
}

const STEPS: Readonly<Record<string, (box: { columns: number; page: number; count: number }) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: ({ columns }) => -columns,
  ArrowDown: ({ columns }) => columns,
  PageUp: ({ page }) => -page,
  PageDown: ({ page }) => page,
  Home: ({ count }) => -count,
  End: ({ count }) => count,
};

/**
 * The cell that a key moves to from `at`; the first cell where none is selected, and null for another key. `page`:
 * cells in sight.
 */
export function cellAfterKey(
  key: string,
  at: number | null,
  box: { readonly columns: number; readonly page: number; readonly count: number },
): number | null {
  const step = STEPS[key]?.(box);
  if (step === undefined || box.count === 0) return null;
  return at === null ? 0 : Math.min(box.count - 1, Math.max(0, at + step));
}
