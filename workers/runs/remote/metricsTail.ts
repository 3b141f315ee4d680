import type { FileHandle } from 'node:fs/promises';
import type { EpochEvent, MetricEvent, StepEvent } from '#core/contract/metricEvent.ts';
import { errnoOf } from '../../files/atomicFile.ts';
import { linesFrom, type FileLine } from '../metrics/fileLines.ts';
import { parseMetricLine } from '../metrics/metricLines.ts';
import { openPlain } from './remoteFiles.ts';

/** Limits of one page; whichever is reached first. */
const PAGE_EVENTS = 4000;
const PAGE_BYTES = 1 << 20;
/**
 * The end of what was read that is compared before reading on: several lines, among them a step with its time, which no
 * two trainings share.
 */
const CHECKED_BYTES = 4096;

interface TailPage {
  /** Number of the first event, from the start of the file. */
  readonly first: number;
  readonly events: readonly MetricEvent[];
  /** True where nothing more is in the file. */
  readonly isEnd: boolean;
}

/**
 * Reads what was appended to a `metrics.jsonl` since the last time. A file that became shorter, or in which what was
 * read last is no longer where it was, has been cut or replaced: it is read from its start. A last line that is not
 * complete is left for the next time; another line that is no event is counted.
 */
export class MetricsTail {
  readonly file: string;
  private offset = 0;
  private numbered = 0;
  private checked: Buffer = Buffer.alloc(0);
  #damaged = 0;
  #reading = Date.now();
  #lastStep: StepEvent | null = null;
  #lastEpoch: EpochEvent | null = null;

  constructor(file: string) {
    this.file = file;
  }

  /** Lines that are no events. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Another number whenever the file is read from its start. */
  get reading(): number {
    return this.#reading;
  }

  get lastStep(): StepEvent | null {
    return this.#lastStep;
  }

  get lastEpoch(): EpochEvent | null {
    return this.#lastEpoch;
  }

  /** The next page; an empty one at the end, and while there is no file. Throws Node's error. */
  async next(): Promise<TailPage> {
    let handle: FileHandle;
    try {
      handle = await openPlain(this.file);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      if (this.offset > 0) this.restart();
      return { first: 0, events: [], isEnd: true };
    }
    try {
      if (!(await this.isContinued(handle))) this.restart();
      const page = await this.read(handle);
      this.checked = await bytesAt(handle, Math.max(0, this.offset - CHECKED_BYTES), this.offset);
      return page;
    } finally {
      await handle.close();
    }
  }

  private async read(handle: FileHandle): Promise<TailPage> {
    const first = this.numbered;
    const from = this.offset;
    const events: MetricEvent[] = [];
    for await (const line of linesFrom(handle, from)) {
      if (line.end === null) break;
      const event = this.take(line, line.end);
      if (event !== null) events.push(event);
      if (events.length >= PAGE_EVENTS || this.offset - from >= PAGE_BYTES)
        return { first, events, isEnd: false };
    }
    return { first, events, isEnd: true };
  }

  private take({ bytes }: FileLine, end: number): MetricEvent | null {
    this.offset = end;
    const text = bytes.toString('utf8');
    const event = parseMetricLine(text);
    if (event === null) {
      if (text.trim() !== '') this.#damaged += 1;
      return null;
    }
    this.numbered += 1;
    if (event.kind === 'step') this.#lastStep = event;
    if (event.kind === 'epoch') this.#lastEpoch = event;
    return event;
  }

  /** Whether what was read last is still where it was. */
  private async isContinued(handle: FileHandle): Promise<boolean> {
    const found = await bytesAt(handle, this.offset - this.checked.length, this.offset);
    return found.equals(this.checked);
  }

  private restart(): void {
    this.offset = 0;
    this.numbered = 0;
    this.checked = Buffer.alloc(0);
    this.#damaged = 0;
    this.#reading = Math.max(this.#reading + 1, Date.now());
    this.#lastStep = null;
    this.#lastEpoch = null;
  }
}

/** The bytes of a file from one position to another, as far as there are any. */
async function bytesAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
  return buffer.subarray(0, bytesRead);
}
