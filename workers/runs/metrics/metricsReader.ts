import { open, type FileHandle } from 'node:fs/promises';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { errnoOf } from '../../files/atomicFile.ts';
import { linesFrom } from './fileLines.ts';
import { parseMetricLine } from './metricLines.ts';

/** Limits of one page; whichever is reached first. */
const PAGE_EVENTS = 4000;
const PAGE_BYTES = 1 << 20;
/** A position in the file is remembered once per this many events. */
const POINT_EVERY = 1000;

/** A position between two lines that an earlier read has passed. */
interface Point {
  /** Number of events before it. */
  readonly events: number;
  readonly offset: number;
  /** The line that ends there. If another line ends there now, the file was rewritten. */
  readonly line: Buffer;
}

interface MetricsPage {
  readonly events: MetricEvent[];
  /** Number of the event after the last one returned. */
  readonly next: number;
}

const START: Point = { events: 0, offset: 0, line: Buffer.alloc(0) };

/**
 * Reads a `metrics.jsonl` page by page. The file may grow, be truncated at a checkpoint and grow again. The reader
 * remembers positions, so that the cost of a page depends on its own size and not on that of the file.
 */
export class MetricsReader {
  private readonly file: string;
  /** Ascending, the start first. */
  private points: Point[] = [START];

  constructor(file: string) {
    this.file = file;
  }

  /** The events on disk from number `from` on, up to a page; empty at the end, and while there is no file. */
  async read(from: number): Promise<MetricsPage> {
    let handle: FileHandle;
    try {
      handle = await open(this.file, 'r');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return { events: [], next: from };
      throw error;
    }
    try {
      return await this.readPage(handle, from);
    } finally {
      await handle.close();
    }
  }

  private async readPage(handle: FileHandle, from: number): Promise<MetricsPage> {
    const point = await this.nearest(handle, from);
    const events: MetricEvent[] = [];
    let number = point.events;
    let bytes = 0;
    for await (const line of linesFrom(handle, point.offset)) {
      const event = parseMetricLine(line.bytes.toString('utf8'));
      if (event === null) continue;
      if (number >= from) {
        events.push(event);
        bytes += line.bytes.length;
      }
      number += 1;
      if (line.end !== null) this.remember({ events: number, offset: line.end, line: line.bytes });
      if (events.length >= PAGE_EVENTS || bytes >= PAGE_BYTES) break;
    }
    return { events, next: from + events.length };
  }

  /** The last remembered position at or before event `from` that is still valid. */
  private async nearest(handle: FileHandle, from: number): Promise<Point> {
    const point = this.points.findLast(({ events }) => events <= from) ?? START;
    const found = Buffer.alloc(point.line.length);
    const { bytesRead } = await handle.read(found, 0, found.length, point.offset - found.length);
    if (bytesRead === found.length && found.equals(point.line)) return point;
    this.points = [START];
    return START;
  }

  private remember(point: Point): void {
    const last = this.points.at(-1) ?? START;
    if (point.events % POINT_EVERY !== 0 || point.events <= last.events) return;
    this.points.push({ ...point, line: Buffer.from(point.line) });
  }
}

/** Number of files whose positions are kept; the least recently read file is dropped first. */
const READERS = 32;

/** Returns the reader of a file. */
export class MetricsReaders {
  private readonly readers = new Map<string, MetricsReader>();

  of(file: string): MetricsReader {
    const reader = this.readers.get(file) ?? new MetricsReader(file);
    this.readers.delete(file);
    this.readers.set(file, reader);
    const [oldest] = this.readers.keys();
    if (oldest !== undefined && this.readers.size > READERS) this.readers.delete(oldest);
    return reader;
  }
}
