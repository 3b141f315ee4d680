/** Times of a run over all its sessions, pauses left out. Milliseconds. */
export interface RunClock {
  elapsedMs(): number;
  pause(): void;
  resume(): void;
  beginStep(): void;
  /** Time since `beginStep`, counted as training on `samples` images. */
  endStep(samples: number): number;
  totals(): { elapsedMs: number; trainedImages: number; trainingMs: number };
}

/** Goes on from the totals of the last checkpoint. */
export function startClock(
  from: { elapsedMs: number; trainedImages: number; trainingMs: number },
  now: () => number = () => performance.now(),
): RunClock {
  let startedAt = now();
  let before = from.elapsedMs;
  let stepAt = startedAt;
  let { trainedImages, trainingMs } = from;
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
    totals: () => ({ elapsedMs: elapsedMs(), trainedImages, trainingMs }),
  };
}
