import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunState } from '#core/contract/run.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { documentOf } from '../trainer/runDocument.ts';
import { readRunStatus, runFolderAt, type RunStatus } from '../trainer/runFolder.ts';
import { newRunState } from './runState.ts';

/** States of the runs that lie in `folder` without a trainer: finished ones, and interrupted ones that can be resumed. */
export async function readRuns(folder: string): Promise<RunState[]> {
  const names = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
  );
  const states = await Promise.all(names.map(({ name }) => readRun(folder, name)));
  return states.filter((state) => state !== null);
}

/** The state of one run folder; null when nothing of a run stands there. */
export async function readRun(folder: string, runId: string): Promise<RunState | null> {
  try {
    const status = await readRunStatus(join(folder, runId));
    return status.kind === 'none' ? null : fromStatus(folder, runId, status);
  } catch (thrown) {
    return { ...newRunState(runId, runId), phase: 'failed', error: toErrorData(thrown) };
  }
}

function fromStatus(folder: string, runId: string, status: Exclude<RunStatus, { kind: 'none' }>): RunState {
  const { manifest } = status;
  const { training } = documentOf(join(folder, runId), manifest);
  const state: RunState = {
    ...newRunState(runId, manifest.name),
    phase: 'interrupted',
    epochs: training.epochs,
    precision: manifest.compute.precision,
    threads: manifest.compute.threads,
    backend: manifest.compute.backend,
    lastCheckpointAt: checkpointTime(join(folder, runId)),
  };
  if (status.kind === 'begun') return state;
  const { result } = status;
  return {
    ...state,
    phase: 'finished',
    result,
    epoch: result.epochs,
    step: result.steps,
    steps: result.steps,
    imagesPerSecond: result.imagesPerSecond,
  };
}

/** When the last checkpoint was written, in milliseconds since 1970; null when there is none. */
function checkpointTime(runFolder: string): number | null {
  return statSync(runFolderAt(runFolder).files.checkpoint, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
