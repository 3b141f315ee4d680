import type { RunState } from '#core/contract/run.ts';
import { message } from '#core/words/message.ts';

/** Shown until the trainer's thread reports its progress. */
const STARTING = { label: message('work.starting'), done: 0, total: 0 };

/** The state of a run that was just requested. */
export function newRunState(runId: string, name: string): RunState {
  return {
    runId,
    name,
    note: '',
    project: null,
    startedAt: null,
    phase: 'preparing',
    progress: STARTING,
    epoch: 0,
    epochs: 0,
    step: 0,
    steps: 0,
    imagesPerSecond: 0,
    etaMs: null,
    precision: '',
    threads: 0,
    backend: '',
    result: null,
    error: null,
    lastCheckpointAt: null,
    lastCheckpointStep: null,
    firstCheckpointDueAt: null,
    best: null,
  };
}
