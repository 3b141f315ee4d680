import { readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunProject, RunState } from '#core/contract/run.ts';
import type { RunAbout } from '#core/contract/runAbout.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { documentHash } from '#core/document/documentHash.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { readCheckpointHead } from '../checkpoint/checkpointHead.ts';
import { parseMetricLine } from '../metrics/metricLines.ts';
import { documentOf } from '../folder/runDocument.ts';
import { readRunStatus, runFolderAt, type RunStatus } from '../folder/runFolder.ts';
import { readAbout } from '../folder/runAboutFile.ts';
import { newRunState } from './newRunState.ts';

/** States of the runs in `folder` that have no trainer: finished ones, and those that can be resumed. */
export async function readRuns(folder: string): Promise<RunState[]> {
  const names = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
  );
  const states = await Promise.all(names.map(({ name }) => readRun(folder, name)));
  return states.filter((state) => state !== null);
}

/** The state of one run folder; null when it holds no run. */
export async function readRun(folder: string, runId: string): Promise<RunState | null> {
  const about = await readAbout(join(folder, runId));
  try {
    const status = await readRunStatus(join(folder, runId));
    return status.kind === 'none' ? null : await fromStatus(folder, runId, status, about);
  } catch (thrown) {
    const { name = runId, note = '' } = about;
    return { ...newRunState(runId, name), note, phase: 'failed', progress: null, error: toErrorData(thrown) };
  }
}

/** Which project a run belongs to. */
function projectOf(manifest: RunManifest, document: GraphDocument): RunProject {
  return {
    id: manifest.projectId ?? document.id,
    name: document.name,
    hash: manifest.documentHash ?? documentHash(document),
  };
}

async function fromStatus(
  folder: string,
  runId: string,
  status: Exclude<RunStatus, { kind: 'none' }>,
  about: RunAbout,
): Promise<RunState> {
  const { manifest } = status;
  const document = documentOf(join(folder, runId), manifest);
  const startedAt = Date.parse(manifest.createdAt);
  const state: RunState = {
    ...newRunState(runId, about.name ?? manifest.name),
    note: about.note ?? '',
    project: projectOf(manifest, document),
    ...(manifest.series === undefined
      ? {}
      : { series: { id: manifest.series.id, policy: manifest.series.policy } }),
    startedAt: Number.isFinite(startedAt) ? startedAt : null,
    phase: about.end?.kind ?? 'interrupted',
    progress: null,
    error: about.end?.error ?? null,
    epochs: document.training.epochs,
    steps: manifest.origin?.steps ?? stepsOf(manifest, document),
    precision: manifest.origin?.precision ?? manifest.compute.precision,
    threads: manifest.compute.threads,
    backend: manifest.compute.backend,
    lastCheckpointAt: checkpointTime(join(folder, runId)),
    ...(manifest.origin === undefined ? {} : { origin: manifest.origin }),
  };
  if (status.kind === 'begun')
    return {
      ...state,
      ...(await lastStep(join(folder, runId))),
      ...(await savedWeights(join(folder, runId))),
    };
  const { result } = status;
  return {
    ...state,
    phase: 'finished',
    error: null,
    result,
    epoch: result.epochs,
    step: result.steps,
    steps: result.steps,
    imagesPerSecond: result.imagesPerSecond,
    lastCheckpointStep: result.steps,
    best: result.best ?? null,
  };
}

/** Updates of the whole run; 0 where its settings leave nothing to train on. */
function stepsOf({ data }: RunManifest, { training }: GraphDocument): number {
  const { batchSize, remainder, accumulate, epochs } = training;
  try {
    return planEpoch(data.trainImages, batchSize, remainder, accumulate).updates * epochs;
  } catch {
    return 0;
  }
}

/**
 * Length of the end of the metrics that is read: enough for a step beside the lines of hundreds of BatchNorm blocks.
 */
const TAIL_BYTES = 1 << 17;

/** Progress of a run without a trainer, from the last step in its metrics; undefined without one. Never throws. */
async function lastStep(runFolder: string): Promise<Partial<Pick<RunState, 'step' | 'epoch'>>> {
  try {
    await using file = await open(runFolderAt(runFolder).files.metrics, 'r');
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const tail = Buffer.alloc(size - from);
    await file.read(tail, 0, tail.length, from);
    const events = tail
      .toString('utf8')
      .split('\n')
      .map(parseMetricLine)
      .filter((event) => event !== null);
    const last = events.findLast(({ kind }) => kind !== 'statistics');
    return last === undefined || last.kind === 'statistics' ? {} : { step: last.step, epoch: last.epoch };
  } catch {
    return {};
  }
}

/** The weights on the disk of a run without a result. */
async function savedWeights(runFolder: string): Promise<Pick<RunState, 'lastCheckpointStep' | 'best'>> {
  const { files } = runFolderAt(runFolder);
  const [last, best] = await Promise.all([
    readCheckpointHead(files.checkpoint),
    readCheckpointHead(files.best),
  ]);
  return { lastCheckpointStep: last?.counters.position.step ?? null, best: best?.best ?? null };
}

/** When the last checkpoint was written, in milliseconds since 1970; null when there is none. */
function checkpointTime(runFolder: string): number | null {
  return statSync(runFolderAt(runFolder).files.checkpoint, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
