import { readFile } from 'node:fs/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { isLocked } from '../folder/runLock.ts';
import type { RunFolder } from '../folder/runFolder.ts';
import { parseMetricLine } from '../metrics/metricLines.ts';
import { CHECKPOINT_EVERY_MS } from './checkpoint.ts';

/**
 * The error for a run without a checkpoint: `AppError('run-has-no-weights')`. While the run is being trained, by this
 * process or another, it says when the first checkpoint is due.
 */
export async function noWeights(run: RunFolder): Promise<AppError> {
  const folder = run.path;
  const said = (await isLocked(folder))
    ? message('runs.noWeightsYet', { folder, due: await firstDue(run) })
    : message('runs.noWeights', { folder });
  return new AppError('run-has-no-weights', said, { where: folder });
}

/** Checkpoints are written between two steps, so the time is approximate. */
async function firstDue({ files }: RunFolder): Promise<Message> {
  const trainedMs = await trainedSoFar(files.metrics).catch(() => null);
  if (trainedMs === null) return message('runs.dueAfterStart', { seconds: CHECKPOINT_EVERY_MS / 1000 });
  return message('runs.dueIn', { seconds: Math.max(1, Math.ceil((CHECKPOINT_EVERY_MS - trainedMs) / 1000)) });
}

/** Time spent on the run up to its last event, in milliseconds; null before the first. */
async function trainedSoFar(metrics: string): Promise<number | null> {
  const lines = (await readFile(metrics, 'utf8')).split('\n');
  const event = lines.map(parseMetricLine).findLast((found) => found !== null && 'elapsedMs' in found);
  return event !== undefined && event !== null && 'elapsedMs' in event ? event.elapsedMs : null;
}
