/** A terminal or a pipe: what the live image needs of `process.stderr`. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** Images are drawn at most this often. */
const FRAME_EVERY_MS = 100;

/** Lines that stay, above an image that is drawn over and over; without a terminal only the lines. */
export interface LiveScreen {
  readonly columns: number;
  /** A line that stays. */
  log(line: string): void;
  /** The image of now, unless the last one is too young. */
  show(frame: () => readonly string[]): void;
  /** Takes the image away. */
  clear(): void;
}

/** `now` gives milliseconds. */
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
      // What has scrolled away cannot be drawn over: a low terminal gets the lower part.
      draw('', frame().slice(-Math.max(1, (output.rows ?? DEFAULT_ROWS) - 1)));
    },
    clear: () => {
      if (shown.length > 0) draw('', []);
    },
  };
}
