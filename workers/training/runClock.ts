/** Times of a run over all its sessions, without pauses, in milliseconds. */
export interface RunClock {
  elapsedMs(): number;
  pause(): void;
  resume(): void;
  beginStep(): void;
  /** Time since `beginStep`, counted as training on `samples` images. */
  endStep(samples: number): number;
  /** Counts time within a step in which the trainer waited for its batch. */
  addWait(waitedMs: number): void;
  totals(): ClockTotals;
}

interface ClockTotals {
  readonly elapsedMs: number;
  readonly trainedImages: number;
  readonly trainingMs: number;
  /** Part of `trainingMs` in which the trainer waited for its batch. */
  readonly dataWaitMs: number;
}

/** Continues from the totals of the last checkpoint. */
export function startClock(from: ClockTotals, now: () => number = () => performance.now()): RunClock {
  let startedAt = now();
  let before = from.elapsedMs;
  let stepAt = startedAt;
  let { trainedImages, trainingMs, dataWaitMs } = from;
  let isPaused = false;
  const elapsedMs = (): number => before + (isPaused ? 0 : now() - startedAt);
  return {
    elapsedMs,
    pause: () => {
      before = elapsedMs();
      isPaused = true;
    },
    resume: () => {
      startedAt = now();
      isPaused = false;
    },
    beginStep: () => {
      stepAt = now();
    },
    endStep: (samples) => {
      const stepMs = now() - stepAt;
      trainedImages += samples;
      trainingMs += stepMs;
      return stepMs;
    },
    addWait: (waitedMs) => {
      dataWaitMs += waitedMs;
    },
    totals: () => ({ elapsedMs: elapsedMs(), trainedImages, trainingMs, dataWaitMs }),
  };
}
