import path from 'node:path';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { REMOTE_FILES, type RemoteResult, type RemoteStatus } from '#core/contract/remoteRun.ts';
import type { RunProject, RunState } from '#core/contract/run.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { documentHash } from '#core/document/documentHash.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message, type Message } from '#core/words/message.ts';
import { errnoOf } from '../../files/atomicFile.ts';
import { MetricsTail } from './metricsTail.ts';
import { readFacts, readRemoteResult, readStatus, type RemoteProject } from './remoteFacts.ts';
import { statRemote } from './remoteFiles.ts';
import { remoteState } from './remoteState.ts';
import { SignOfLife } from './signOfLife.ts';

/** Pages of metrics that one look reads: a few hundred milliseconds. */
const PAGES_PER_LOOK = 8;

/** What a look at the folder of a run found. */
export interface RemoteLook {
  readonly state: RunState;
  /**
   * The events at the end of the metrics, numbered from `first`; null where none were added, and while there are more
   * to read than one look does.
   */
  readonly news: { readonly first: number; readonly events: MetricEvent[] } | null;
  /** True where there is more to read at once. */
  readonly isBehind: boolean;
}

type Known = RemoteProject & { readonly project: RunProject };

/** A run that trains elsewhere, looked at again and again by its folder. */
export class FollowedRun {
  private readonly folder: string;
  private readonly tail: MetricsTail;
  private readonly life = new SignOfLife();
  private known: (Known & { readonly version: string }) | null = null;
  private status: RemoteStatus | null = null;
  private result: RemoteResult | null = null;
  private away: Message | null = null;
  private silentMs: number | null = null;
  private hasWeights = false;
  /** True where the last look ended before the end of the metrics. */
  private isBehind = false;

  constructor(folder: string) {
    this.folder = folder;
    this.tail = new MetricsTail(path.join(folder, REMOTE_FILES.metrics));
  }

  /**
   * Reads what is new. `id`: the run that is followed. A folder that cannot be read is reported in the state once it
   * has been read before; at the first look the error is thrown, as by `readFacts`.
   */
  async look(runId: string, id: string | null, now: number): Promise<RemoteLook> {
    let news: RemoteLook['news'] = null;
    try {
      await this.readFiles(id, now);
      news = await this.readMetrics();
      this.away = null;
    } catch (error) {
      if (this.known === null) throw asAppError(this.folder, error);
      this.away = awayBecause(error);
    }
    const known = must(this.known, 'facts of a followed run');
    const { lastStep, lastEpoch, reading, damaged: damagedLines } = this.tail;
    const { folder, status, result, silentMs, away, hasWeights } = this;
    const state = remoteState(runId, {
      ...{ folder, facts: known.facts, project: known.project, status, result, lastStep, lastEpoch },
      ...{ silentMs, away, damagedLines, reading, hasWeights },
    });
    return { state, news, isBehind: this.isBehind && away === null };
  }

  private async readFiles(id: string | null, now: number): Promise<void> {
    await this.readProject(id);
    this.status = await readOr(readStatus(this.folder), this.status);
    const [status, metrics, result, weights] = await Promise.all([
      statRemote(this.folder, REMOTE_FILES.status),
      statRemote(this.folder, REMOTE_FILES.metrics),
      statRemote(this.folder, REMOTE_FILES.result),
      statRemote(this.folder, REMOTE_FILES.last),
    ]);
    this.hasWeights = weights?.isFile() === true;
    // A result of an earlier training says nothing about one that was resumed.
    const isOver = result !== null && this.status?.state !== 'training';
    this.result = isOver ? await readOr(readRemoteResult(this.folder), this.result) : null;
    const updatedAt = this.status?.updatedAt ?? '';
    const traces = [updatedAt, ...[status, metrics].map((each) => `${each?.mtimeMs} ${each?.size}`)].join();
    const times = [Date.parse(updatedAt), status?.mtimeMs ?? NaN, metrics?.mtimeMs ?? NaN];
    this.silentMs = this.life.look(traces, times, now);
  }

  /** Reads the facts where they are new: a resumed training may have another number of processes. */
  private async readProject(id: string | null): Promise<void> {
    const found = await statRemote(this.folder, REMOTE_FILES.facts);
    const version = `${found?.ino} ${found?.mtimeMs} ${found?.size}`;
    if (found === null || version !== this.known?.version) {
      const { facts, document } = await readFacts(this.folder);
      if (id !== null && facts.id !== id) throw otherRun(this.folder);
      const project = { id: document.id, name: document.name, hash: documentHash(document) };
      this.known = { facts, document, project, version };
    }
  }

  private async readMetrics(): Promise<RemoteLook['news']> {
    const wasBehind = this.isBehind;
    for (let page = 0; page < PAGES_PER_LOOK; page += 1) {
      const { first, events, isEnd } = await this.tail.next();
      this.isBehind = !isEnd;
      if (!isEnd) continue;
      const isNews = events.length > 0 || page > 0 || wasBehind;
      return isNews ? { first, events: [...events] } : null;
    }
    return null;
  }
}

/** What was read, or what was known before where a file is damaged: it may be in the middle of its replacement. */
async function readOr<T>(reading: Promise<T | null>, before: T | null): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AppError) return before;
    throw error;
  }
}

function otherRun(folder: string): AppError {
  return new AppError('run-invalid', message('remote.otherRun', { folder }), { where: folder });
}

/** Why a folder cannot be read now. */
export function awayBecause(error: unknown): Message {
  if (!(error instanceof AppError)) return message('remote.away', { what: errnoOf(error) });
  return error.code === 'run-not-found' ? message('remote.away', { what: 'ENOENT' }) : error.said;
}

function asAppError(folder: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('io', awayBecause(error), { where: folder, cause: error });
}
