import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { LabEvent, LabResult } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import type { RunAbout, RunDetails } from '#core/contract/runAbout.ts';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import type { LabHome } from '../../files/labHome.ts';
import { described } from '../../runs/folder/runKeeping.ts';
import { newRunId } from '../../runs/folder/runId.ts';
import { awayBecause } from '../../runs/remote/followedRun.ts';
import type { RemoteLink } from '../../runs/remote/remoteLinks.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import type { Storage } from '../storage/storageThread.ts';
import type { RemoteCalls } from './remoteThread.ts';

/** Time between two looks at a folder; at once while its metrics are behind. */
const LOOK_EVERY_MS = 1000;

/** A followed run with what the host knows about it. */
interface Followed {
  link: RemoteLink;
  /** As the screens know it. */
  state: RunState;
  timer: NodeJS.Timeout | null;
}

interface RemoteServiceOptions {
  readonly home: LabHome;
  readonly grants: FileGrants;
  readonly tell: (event: LabEvent) => void;
  readonly remote: RemoteCalls;
  readonly storage: Storage;
  /** For tests. */
  readonly lookEveryMs?: number;
}

/** Runs that train elsewhere: follows them by their folders, and imports their weights. */
export class RemoteService {
  private readonly options: RemoteServiceOptions;
  private readonly runs = new Map<string, Followed>();
  private isClosed = false;
  /** Resolves when the runs that were followed before are known. */
  private loading: Promise<void> | null = null;

  constructor(options: RemoteServiceOptions) {
    this.options = options;
  }

  /** Whether this is a followed run. */
  async has(runId: string): Promise<boolean> {
    await this.load();
    return this.runs.has(runId);
  }

  async list(): Promise<RunState[]> {
    await this.load();
    return [...this.runs.values()].map(({ state }) => state);
  }

  /**
   * Follows the training that writes a granted folder. Throws `AppError`: 'run-not-found' or 'run-invalid' where it is
   * none, 'arguments' for too many, and those of writing.
   */
  async follow(grant: string): Promise<RunState> {
    const given = this.options.grants.resolve(grant, 'folder', 'read');
    await this.load();
    const { folder, id, name } = await this.options.remote.call('find', { folder: given });
    const present = [...this.runs.values()].find(({ link }) => link.folder === folder && link.id === id);
    if (present !== undefined) return present.state;
    const runId = newRunId(name);
    const { state } = await this.options.remote.call('look', { runId, folder, id });
    const link: RemoteLink = { runId, folder, id, state };
    await this.keep(runId, link);
    const run: Followed = { link, state: shown(link, state), timer: null };
    this.runs.set(runId, run);
    this.options.tell({ event: 'runState', state: run.state });
    this.plan(run, 0);
    return run.state;
  }

  /** Ends following a run; its folder stays as it is. */
  async unfollow(runId: string): Promise<void> {
    const run = await this.find(runId);
    await this.keep(runId, null);
    this.runs.delete(runId);
    if (run.timer !== null) clearTimeout(run.timer);
    await this.options.remote.call('forget', { runId });
    this.options.tell({ event: 'runDeleted', runId });
  }

  /** Changes the name or note of a followed run. */
  async describe(runId: string, change: Pick<RunAbout, 'name' | 'note'>): Promise<RunState> {
    const run = await this.find(runId);
    const { name: _name, note: _note, ...rest } = run.link;
    const { name, note } = described(run.link, change);
    run.link = { ...rest, ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
    await this.keep(runId, run.link);
    this.show(run, run.state);
    return run.state;
  }

  async details(runId: string): Promise<RunDetails> {
    const { link } = await this.find(runId);
    return this.options.remote.call('details', { folder: link.folder });
  }

  async metrics(runId: string, from: number): Promise<LabResult<'run.metrics'>> {
    const { link } = await this.find(runId);
    return this.options.remote.call('metrics', { folder: link.folder, from });
  }

  /** Makes a run of this lab from the weights that the run has written so far. Throws as `importRemote` does. */
  async import(runId: string, name: string): Promise<{ runId: string }> {
    const { home, remote, storage, tell } = this.options;
    const { link } = await this.find(runId);
    const imported = newRunId(name);
    const out = join(home.runs, imported);
    await remote.call('import', { folder: link.folder, out, overwrite: false, name });
    const made = await storage.call('run', { folder: home.runs, runId: imported });
    if (made !== null) tell({ event: 'runState', state: made });
    return { runId: imported };
  }

  close(): void {
    this.isClosed = true;
    for (const { timer } of this.runs.values()) if (timer !== null) clearTimeout(timer);
  }

  private load(): Promise<void> {
    // After a failure the next call reads the file again.
    this.loading ??= this.readLinks().catch((error: unknown) => {
      this.loading = null;
      if (toErrorData(error).code !== 'io') throw error;
    });
    return this.loading;
  }

  private async readLinks(): Promise<void> {
    const links = await this.options.remote.call('links', { file: this.options.home.remoteFile });
    for (const link of links) {
      if (this.runs.has(link.runId)) continue;
      const run: Followed = { link, state: shown(link, link.state), timer: null };
      this.runs.set(link.runId, run);
      this.plan(run, 0);
    }
  }

  private keep(runId: string, link: RemoteLink | null): Promise<void> {
    return this.options.remote.call('changeLink', { file: this.options.home.remoteFile, runId, link });
  }

  private async find(runId: string): Promise<Followed> {
    await this.load();
    const run = this.runs.get(runId);
    if (run !== undefined) return run;
    throw new AppError('run-not-found', message('runs.none', { run: runId }));
  }

  private plan(run: Followed, ms: number): void {
    if (this.isClosed || !this.runs.has(run.link.runId)) return;
    run.timer = setTimeout(() => {
      run.timer = null;
      void this.look(run);
    }, ms);
    // Looking at folders keeps no process alive.
    run.timer.unref();
  }

  /** Looks at a folder and tells the screens what is new; one look at a time for each run. Never throws. */
  private async look(run: Followed): Promise<void> {
    const { runId, folder, id } = run.link;
    const { tell, remote, lookEveryMs = LOOK_EVERY_MS } = this.options;
    try {
      const { state, news, isBehind } = await remote.call('look', { runId, folder, id });
      if (!this.runs.has(runId)) return;
      // The state first: a screen that has read the metrics before they were cut starts anew with it.
      this.show(run, state);
      if (news !== null) tell({ event: 'metrics', runId, ...news });
      this.plan(run, isBehind ? 0 : lookEveryMs);
    } catch (error) {
      // Of a run that could not be read since the lab was started: its state is the one that was kept.
      const { remote: former } = run.state;
      const away = awayBecause(error);
      if (former !== undefined)
        this.show(run, { ...run.state, phase: 'away', remote: { ...former, hasWeights: false, away } });
      this.plan(run, lookEveryMs);
    }
  }

  private show(run: Followed, state: RunState): void {
    const next = shown(run.link, state);
    const isSame = isDeepStrictEqual(next, run.state);
    run.state = next;
    if (!isSame) this.options.tell({ event: 'runState', state: next });
  }
}

/** The state with the name and note that the user gave. */
function shown({ name, note }: RemoteLink, state: RunState): RunState {
  return { ...state, name: name ?? state.name, note: note ?? '' };
}
