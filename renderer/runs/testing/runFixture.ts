import type { RunState } from '#core/contract/run.ts';

/** For tests: what the state of a run that trains elsewhere has beside that of others. */
export const REMOTE: NonNullable<RunState['remote']> = {
  ...{ worldSize: 8, nodes: 2, globalBatch: 256, device: 'cuda', backend: 'nccl', folder: '/far/output' },
  ...{ away: null, silentMs: null, damagedLines: 0, reading: 1, hasWeights: true },
};

/** For tests: a run of the project `p1`, with the defaults replaced by `given`. */
export function runFixture(given: Partial<RunState> = {}): RunState {
  return {
    runId: 'r1',
    name: given.runId ?? 'r1',
    note: '',
    project: { id: 'p1', name: 'Birds', hash: 'h1' },
    startedAt: 1,
    phase: 'finished',
    progress: null,
    epoch: 0,
    epochs: 2,
    step: 0,
    steps: 4,
    imagesPerSecond: 0,
    etaMs: null,
    precision: 'f32',
    threads: 1,
    backend: 'native',
    result: null,
    error: null,
    lastCheckpointAt: null,
    lastCheckpointStep: null,
    firstCheckpointDueAt: null,
    best: null,
    ...given,
  };
}
