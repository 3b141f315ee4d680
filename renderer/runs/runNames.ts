/** `birds`, `birds 2`, `birds 3` …: the first name that no run has. */
export function freshRunName(project: string, taken: readonly string[]): string {
  const base = project.slice(0, 100).trim() || 'run';
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n += 1) {
    const name = `${base} ${n}`;
    if (!taken.includes(name)) return name;
  }
}

/** Present epoch, counted from 1, of a run with `epoch` epochs done; the last one where all are. */
export function currentEpoch(run: { readonly epoch: number; readonly epochs: number }): number {
  return Math.min(run.epochs, Math.floor(run.epoch) + 1);
}

/** Share of the run that is done, 0 to 1; of its preparation while it prepares, null where that is unknown. */
export function shareDone(run: {
  readonly step: number;
  readonly steps: number;
  readonly progress: { readonly done: number; readonly total: number } | null;
}): number | null {
  if (run.progress !== null) return run.progress.total > 0 ? run.progress.done / run.progress.total : null;
  return run.steps > 0 ? run.step / run.steps : null;
}
