import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import type { CurveFormat } from '#core/curves/curveFormats.ts';
import { EventFileWriter } from '#core/curves/eventFile.ts';
import { metricsCsv } from '#core/curves/metricsCsv.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { toOutputError, writeTemporary } from '../../files/atomicFile.ts';
import { writeFiles, writeFolderInPlace } from '../../files/folderInPlace.ts';
import { writeInPlace } from '../../files/writeInPlace.ts';
import { MetricsReader } from '../../runs/metrics/metricsReader.ts';
import { openRun } from '../../runs/folder/runFolder.ts';
import { refuseRunFile } from '../../export/refuseRunFile.ts';
import { createPace, type Pace } from '../../threads/pace.ts';
import { seldom, type Progress } from '../../threads/progress.ts';
import type { Cancellable } from '../../threads/startThread.ts';

interface CurveExport {
  readonly run: string;
  readonly format: CurveFormat;
  /** The file, or for TensorBoard the folder. */
  readonly path: string;
  readonly overwrite: boolean;
}

/** What was written. */
export interface CurveReport {
  readonly path: string;
  readonly sizeBytes: number;
  /** Steps, epochs and measurements of statistics. */
  readonly events: number;
}

/**
 * Writes the figures of a run as a table, or as a folder with an event file of TensorBoard. The run is only read.
 * `done` rejects with `AppError`: 'run-not-found', 'run-invalid', 'run-has-no-weights' for a run without figures,
 * 'output-exists', 'output-foreign', 'output-not-writable', 'disk-full', 'interrupted'.
 */
export function exportCurves(
  asked: CurveExport,
  onProgress: (progress: Progress) => void,
): Cancellable<CurveReport> {
  const control = new AbortController();
  const tell = seldom(onProgress);
  const onDone = (done: number, total: number | null): void =>
    tell(message('exporting.readingCurves'), done, total);
  const pace = createPace(control.signal, onDone, message('exporting.cancelledNoFile'));
  return { cancel: () => control.abort(), done: writeCurves(asked, pace) };
}

async function writeCurves(asked: CurveExport, pace: Pace): Promise<CurveReport> {
  const { manifest, run } = await openRun(asked.run);
  const events = await readEvents(run.files.metrics, pace);
  if (events.length === 0)
    throw new AppError('run-has-no-weights', message('exporting.noCurves', { folder: asked.run }), {
      where: asked.run,
    });
  const startedAt = Date.parse(manifest.createdAt) || 0;
  const sizeBytes =
    asked.format === 'csv'
      ? await writeTable(asked, metricsCsv(path.basename(run.path), events), pace)
      : await writeEventFolder(asked, events, startedAt, pace);
  return { path: asked.path, sizeBytes, events: events.length };
}

async function readEvents(file: string, pace: Pace): Promise<readonly MetricEvent[]> {
  const reader = new MetricsReader(file);
  const all: MetricEvent[] = [];
  for (let from = 0; ;) {
    const { events, next } = await reader.read(from);
    for (const event of events) all.push(event);
    if (events.length === 0 || next <= from) return all;
    from = next;
    await pace.tick(all.length, null);
  }
}

function writeTable({ path: file, overwrite }: CurveExport, text: string, pace: Pace): Promise<number> {
  return writeInPlace(file, overwrite, async (temporary, target) => {
    refuseRunFile(target);
    const bytes = Buffer.from(text, 'utf8');
    await writeTemporary(temporary, target, bytes).catch((error: unknown) => {
      throw toOutputError(error, file);
    });
    await pace.settle();
    return bytes.length;
  });
}

const FILE_NAME = /^events\.out\.tfevents\.\d+\.normlab$/u;

/** TensorBoard looks for `events.out.tfevents.` and the time in seconds. */
function writeEventFolder(
  { path: folder, overwrite }: CurveExport,
  events: readonly MetricEvent[],
  startedAt: number,
  pace: Pace,
): Promise<number> {
  return writeFolderInPlace(folder, { overwrite, ownEntries: ownEventFiles }, async (temporary) => {
    const writer = new EventFileWriter(startedAt);
    const parts = [writer.head()];
    for (const event of events) {
      parts.push(writer.records(event));
      await pace.tick(parts.length, events.length + 1);
    }
    const bytes = Buffer.concat(parts);
    const name = `events.out.tfevents.${String(Math.floor(startedAt / 1000))}.normlab`;
    await writeFiles(temporary, new Map([[name, bytes]]));
    await pace.settle();
    return bytes.length;
  });
}

/** Throws `AppError('output-foreign')` for a folder with other files than event files of NormLab. */
async function ownEventFiles(folder: string): Promise<readonly string[]> {
  const names = (await lstat(folder)).isDirectory() ? await readdir(folder) : [];
  const foreign = names.filter((name) => !FILE_NAME.test(name));
  if (foreign.length === 0) return names;
  throw new AppError(
    'output-foreign',
    message('files.foreignInBundle', { path: folder, names: foreign.sort().slice(0, 5) }),
    { where: folder },
  );
}
