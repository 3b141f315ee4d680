/**
 * Requests for a run to pause, continue or end. They take effect between steps, with a checkpoint before waiting or
 * ending.
 */
export interface TrainControl {
  pause(): void;
  resume(): void;
  stop(): void;
  readonly isPauseWanted: boolean;
  readonly isStopWanted: boolean;
  /** Aborted by `stop`: cancels scanning and decoding. */
  readonly signal: AbortSignal;
  /** Resolves once the run is not, or no longer, to be paused; the thread idles meanwhile. */
  untilResumed(): Promise<void>;
}

export function createTrainControl(): TrainControl {
  const abort = new AbortController();
  let wake: (() => void) | null = null;
  let paused: Promise<void> | null = null;
  const resume = (): void => {
    wake?.();
    wake = null;
    paused = null;
  };
  return {
    pause: () => {
      if (abort.signal.aborted || paused !== null) return;
      paused = new Promise((resolve) => (wake = resolve));
    },
    resume,
    stop: () => {
      abort.abort();
      resume();
    },
    get isPauseWanted() {
      return paused !== null;
    },
    get isStopWanted() {
      return abort.signal.aborted;
    },
    signal: abort.signal,
    untilResumed: () => paused ?? Promise.resolve(),
  };
}
