/** A terminal or a pipe: the part of `process.stderr` that the live view uses. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** Minimum interval between two redraws. */
const FRAME_EVERY_MS = 100;

/** Permanent lines above a view that is redrawn in place; without a terminal only the lines. */
export interface LiveScreen {
  readonly columns: number;
  /** Prints a permanent line. */
  log(line: string): void;
  /** Draws the view, unless the last redraw was too recent. */
  show(frame: () => readonly string[]): void;
  /** Removes the view. */
  clear(): void;
}

/** `now` returns milliseconds. */
export function openLiveScreen(output: Output, now: () => number = () => performance.now()): LiveScreen {
  const columns = output.columns ?? DEFAULT_COLUMNS;
  let shown: readonly string[] = [];
  let shownAt = -Infinity;
  const draw = (above: string, frame: readonly string[]): void => {
    const back = shown.length === 0 ? '' : `\x1b[${shown.length}A\x1b[J`;
    output.write(`${back}${above}${frame.map((line) => `${line}\n`).join('')}`);
    shown = frame;
  };
  return {
    columns,
    log: (line) => draw(`${line}\n`, shown),
    show: (frame) => {
      if (output.isTTY !== true || now() - shownAt < FRAME_EVERY_MS) return;
      shownAt = now();
      // Lines that have scrolled away cannot be redrawn: a low terminal shows only the lower part.
      draw('', frame().slice(-Math.max(1, (output.rows ?? DEFAULT_ROWS) - 1)));
    },
    clear: () => {
      if (shown.length > 0) draw('', []);
    },
  };
}
