import { constants } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { errnoOf, toOutputError } from '../../files/atomicFile.ts';
import { metricLine, parseMetricLine, type LineContext } from './metricLines.ts';
import { runFolderAt } from '../folder/runFolder.ts';

/** The part of `metrics.jsonl` that belongs to a checkpoint. */
interface MetricsMark {
  readonly bytes: number;
  readonly events: number;
}

export const NO_METRICS: MetricsMark = { bytes: 0, events: 0 };

/** Appends events to `metrics.jsonl`. They stay in memory until `flush`, so that a step never waits for the disk. */
export interface MetricsWriter {
  /** Number of the next event, from 0. */
  readonly next: number;
  write(event: MetricEvent, context: LineContext): void;
  /**
   * Writes the events in memory to the file for other readers; `durable` also waits for the disk, and the mark is then
   * fit for a checkpoint. Throws `AppError` ('disk-full', …); the file then ends with a whole line, and the unwritten
   * events stay in memory.
   */
  flush(durable: boolean): Promise<MetricsMark>;
  close(): Promise<void>;
}

/**
 * Opens the file at `mark` and truncates what was written after the checkpoint that holds it: those steps will be
 * repeated. Throws `AppError`.
 */
export async function openMetricsWriter(file: string, mark: MetricsMark): Promise<MetricsWriter> {
  const { handle, size } = await openAt(file, mark.bytes).catch((error: unknown) => {
    throw toOutputError(error, file);
  });
  let bytes = size;
  let events = mark.events;
  let waiting: string[] = [];
  return {
    get next() {
      return events;
    },
    write: (event, context) => {
      waiting.push(metricLine(event, context));
      events += 1;
    },
    flush: async (durable) => {
      const lines = waiting;
      const mark = { bytes: bytes + Buffer.byteLength(lines.join('')), events };
      waiting = [];
      const { done, error } = await writeAll(handle, Buffer.from(lines.join('')), bytes);
      if (error !== undefined) {
        const whole = wholeLines(lines, done);
        bytes += Buffer.byteLength(lines.slice(0, whole).join(''));
        waiting = [...lines.slice(whole), ...waiting];
        await handle.truncate(bytes).catch(() => undefined);
        throw toOutputError(error, file);
      }
      bytes = mark.bytes;
      if (durable)
        await handle.datasync().catch((failed: unknown) => {
          throw toOutputError(failed, file);
        });
      return mark;
    },
    close: () => handle.close(),
  };
}

/** The events of a run that are on disk; empty for a run without any. */
export async function readMetrics(folder: string): Promise<MetricEvent[]> {
  const text = await readFile(runFolderAt(folder).files.metrics, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .map(parseMetricLine)
    .filter((event) => event !== null);
}

/** A file that a user removed or shortened continues at its remaining end. */
async function openAt(file: string, bytes: number): Promise<{ handle: FileHandle; size: number }> {
  const handle = await open(file, constants.O_CREAT | constants.O_RDWR);
  const size = Math.min(bytes, (await handle.stat()).size);
  await handle.truncate(size);
  return { handle, size };
}

/** The number of bytes written, and the error that ended writing early. */
async function writeAll(
  handle: FileHandle,
  data: Uint8Array,
  at: number,
): Promise<{ done: number; error?: unknown }> {
  let done = 0;
  try {
    while (done < data.length) {
      const { bytesWritten } = await handle.write(data, done, data.length - done, at + done);
      done += bytesWritten;
    }
    return { done };
  } catch (error) {
    return { done, error };
  }
}

/** How many of `lines` fit whole into the first `bytes` bytes: a full disk may cut a line in two. */
function wholeLines(lines: readonly string[], bytes: number): number {
  let left = bytes;
  const cut = lines.findIndex((line) => (left -= Buffer.byteLength(line)) < 0);
  return cut < 0 ? lines.length : cut;
}
