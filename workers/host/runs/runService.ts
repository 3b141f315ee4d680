import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LabEvent, LabResult } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import type { RunAbout, RunDetails } from '#core/contract/runAbout.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { runFolderAt } from '../../runs/folder/runFolder.ts';
import { newRunId } from '../../runs/folder/runId.ts';
import type { TrainerRequest } from '../../training/trainerClient.ts';
import { ActiveRun } from './activeRun.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import type { LabHome } from '../../files/labHome.ts';
import type { Storage } from '../storage/storageThread.ts';
import { changeAbout } from '../../runs/folder/runAboutFile.ts';
import { deleteRun, described } from '../../runs/folder/runKeeping.ts';
import { newRunState } from '../../runs/list/newRunState.ts';
import type { Trash } from '../../files/trash.ts';

/** How long `close` waits for a trainer's last checkpoint. */
const CLOSE_TIMEOUT_MS = 30_000;

interface RunRequest {
  readonly project: string;
  readonly name: string;
  readonly train: string;
  readonly validation: string | null;
}

/** While it is held, only its owner starts runs. */
export interface Reservation {
  /** Starts a run; `ended` resolves with its last state. */
  launch(
    begin: Pick<RunState, 'name' | 'project' | 'series'>,
    request: RunStartRequest,
  ): { readonly folder: string; readonly ended: Promise<RunState> };
  release(): void;
}

type RunStartRequest = Pick<
  TrainerRequest,
  'project' | 'train' | 'validation' | 'resume' | 'wish' | 'series'
>;

/** Starts, controls and lists training runs; each has a folder of its own, and a worker thread while it trains. */
export class RunService {
  private readonly home: LabHome;
  private readonly grants: FileGrants;
  private readonly tell: (event: LabEvent) => void;
  private readonly storage: Storage;
  private readonly active = new Map<string, ActiveRun>();
  /** The run whose files another service works on. */
  private held: { readonly runId: string; readonly name: string } | null = null;
  /** True while the runs of a series start one after another. */
  private isReserved = false;
  /** Runs that the user stopped. Closing the lab ends runs too, but that counts as an interruption. */
  private readonly stoppedByUser = new Set<string>();
  private readonly trash: Trash | null;

  /** `trash`: the folder for deleted runs; null where the system has none. */
  constructor(
    home: LabHome,
    grants: FileGrants,
    tell: (event: LabEvent) => void,
    storage: Storage,
    trash: Trash | null = null,
  ) {
    this.home = home;
    this.grants = grants;
    this.tell = tell;
    this.storage = storage;
    this.trash = trash;
  }

  async start(request: RunRequest): Promise<{ runId: string }> {
    this.refuseSecondRun();
    const project = await this.storage.call('projectOf', { project: request.project });
    this.refuseSecondRun(); // parsing took a while
    const runId = newRunId(request.name);
    const train = this.grants.resolve(request.train, 'folder', 'read');
    const validation =
      request.validation === null ? null : this.grants.resolve(request.validation, 'folder', 'read');
    const begin = { ...newRunState(runId, request.name), project, startedAt: Date.now() };
    this.launch(begin, { project: request.project, train, validation, resume: false });
    return { runId };
  }

  /** Reserves the lab for runs one after another. Throws as `start` does. */
  reserve(): Reservation {
    this.refuseSecondRun();
    this.isReserved = true;
    return {
      launch: (begin, request) => {
        const runId = newRunId(begin.name);
        const state = { ...newRunState(runId, begin.name), ...begin, startedAt: Date.now() };
        const run = this.launch(state, request);
        return { folder: join(this.home.runs, runId), ended: run.ended.then(() => run.state) };
      },
      release: () => {
        this.isReserved = false;
      },
    };
  }

  /** Stops every run, as `stop` does. */
  stopAll(): void {
    for (const runId of this.active.keys()) this.stop(runId);
  }

  pause(runId: string): void {
    this.mustBeActive(runId).pause();
  }

  /**
   * Continues a paused run, or resumes an interrupted or stopped one from its last checkpoint; with more `epochs` than
   * before, a finished one too.
   */
  async resume(runId: string, epochs?: number): Promise<void> {
    const run = this.active.get(runId);
    if (run !== undefined) {
      this.refuseBesideHold();
      if (epochs !== undefined)
        throw new AppError('arguments', message('runs.inTraining', { name: run.state.name }));
      return run.resume();
    }
    this.refuseSecondRun();
    const state = await this.readRun(runId);
    if (state === null) throw new AppError('run-not-found', message('runs.noLonger', { run: runId }));
    if (state.origin !== undefined)
      throw new AppError('arguments', message('remote.noMoments', { folder: this.folderOf(runId) }));
    if (state.phase === 'finished' && epochs === undefined)
      throw new AppError('run-exists', message('runs.finished', { name: state.name }));
    await changeAbout(this.folderOf(runId), ({ end: _former, ...about }) => about);
    this.refuseSecondRun(); // reading and writing took a while
    const { name, note, project, series, startedAt, lastCheckpointAt, lastCheckpointStep, best } = state;
    const kept = {
      ...{ note, project, startedAt, lastCheckpointAt, lastCheckpointStep, best },
      ...(series === undefined ? {} : { series }),
    };
    const begin = { ...newRunState(runId, name), ...kept };
    const wish = epochs === undefined ? {} : { wish: { epochs } };
    this.launch(begin, { project: null, train: null, validation: null, resume: true, ...wish });
  }

  stop(runId: string): void {
    const run = this.mustBeActive(runId);
    this.stoppedByUser.add(runId);
    run.stop();
  }

  /** How a run was started. Throws `AppError`: 'run-not-found' or 'run-invalid'. */
  async details(runId: string): Promise<RunDetails> {
    return this.storage.call('details', { folder: this.folderOf(runId) });
  }

  /**
   * Changes the name or note of a run, in its folder and on every screen. Throws 'run-not-found', and as
   * `writeFileAtomic` does.
   */
  async describe(runId: string, change: Pick<RunAbout, 'name' | 'note'>): Promise<RunState> {
    const about = await changeAbout(this.folderOf(runId), (former) => described(former, change));
    const run = this.active.get(runId);
    if (run !== undefined)
      return run.describe({ name: about.name ?? run.state.name, note: about.note ?? '' });
    const state = await this.readRun(runId);
    if (state === null) throw notThere(runId);
    this.tell({ event: 'runState', state });
    return state;
  }

  /**
   * Deletes a run that nothing works on: into the trash, or for good with `isFinal`. Throws `AppError`:
   * 'run-not-found', 'run-busy', 'io' where there is no trash, and as `deleteRun` does.
   */
  async delete(runId: string, isFinal: boolean): Promise<void> {
    const folder = this.folderOf(runId);
    this.refuseDeletion(runId);
    if (!isFinal && this.trash === null) throw new AppError('io', message('runs.noTrash'));
    await deleteRun(folder, isFinal ? null : this.trash);
    this.tell({ event: 'runDeleted', runId });
  }

  async list(): Promise<RunState[]> {
    const onDisk = await this.storage.call('runs', { folder: this.home.runs });
    const states = new Map(onDisk.map((state) => [state.runId, state]));
    for (const [runId, { state }] of this.active) states.set(runId, state);
    return [...states.values()].sort((a, b) => (a.runId < b.runId ? 1 : -1)); // newest first: ids begin with the time
  }

  /** A page of a run's metrics from event `from` on; empty after the last one. */
  async metrics(runId: string, from: number): Promise<LabResult<'run.metrics'>> {
    // A run that was just started has no folder yet, and no metrics.
    const folder = this.active.has(runId) ? join(this.home.runs, runId) : this.folderOf(runId);
    return this.storage.call('metrics', { file: runFolderAt(folder).files.metrics, from });
  }

  /**
   * Reserves a run, and the cores, until the returned function is called: no run can compute meanwhile. For work on its
   * files that needs all cores. Throws `AppError`: 'run-not-found', 'run-busy'.
   */
  async hold(runId: string): Promise<() => void> {
    this.refuseHold(runId);
    this.folderOf(runId);
    const state = await this.readRun(runId);
    this.refuseHold(runId); // reading took a while
    this.held = { runId, name: state?.name ?? runId };
    return () => {
      this.held = null;
    };
  }

  private readRun(runId: string): Promise<RunState | null> {
    return this.storage.call('run', { folder: this.home.runs, runId });
  }

  /** The folder of an existing run. */
  folderOf(runId: string): string {
    const folder = join(this.home.runs, runId);
    if (runId === '.' || runId === '..' || !existsSync(folder)) throw notThere(runId);
    return folder;
  }

  runningRuns(): string[] {
    return [...this.active.values()]
      .filter(({ state }) => state.phase !== 'paused')
      .map(({ state }) => state.name);
  }

  /** Stops every run with its state saved; resolves when their threads have ended. */
  async close(): Promise<void> {
    const ends = [...this.active.values()].map((run) => {
      run.stop();
      return run.ended;
    });
    await Promise.race([
      Promise.all(ends),
      new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref()),
    ]);
  }

  private launch(begin: RunState, request: RunStartRequest): ActiveRun {
    const { runId, name } = begin;
    const { runs, cache, weights } = this.home;
    const folders = { out: join(runs, runId), cacheFolder: cache, weightsFolders: [weights] };
    const whole = { ...request, name, ...folders };
    const onEnd = async (state: RunState): Promise<void> => {
      // On a full disk only the record of the end is lost.
      await this.noteEnd(state).catch(() => undefined);
      this.stoppedByUser.delete(runId);
      this.active.delete(runId);
    };
    const run = new ActiveRun(begin, whole, { tell: this.tell, onEnd });
    this.active.set(runId, run);
    return run;
  }

  /** Writes into the run folder that the user stopped the run, or why it failed, for the next start of the lab. */
  private async noteEnd({ runId, phase, error }: RunState): Promise<void> {
    const kind = phase === 'stopped' && !this.stoppedByUser.has(runId) ? null : phase;
    if (kind !== 'stopped' && kind !== 'failed') return;
    const { manifest } = runFolderAt(join(this.home.runs, runId)).files;
    if (!existsSync(manifest)) return; // it ended before its manifest was written
    const end = { kind, at: Date.now(), error };
    await changeAbout(join(this.home.runs, runId), (about) => ({ ...about, end }));
  }

  private mustBeActive(runId: string): ActiveRun {
    const run = this.active.get(runId);
    if (run === undefined) throw new AppError('run-not-found', message('runs.notTraining'));
    return run;
  }

  /**
   * One run at a time: two trainers would share the cores, and both together would take longer than one after the
   * other.
   */
  private refuseSecondRun(): void {
    this.refuseBesideHold();
    const [other] = this.active.values();
    if (other !== undefined)
      throw new AppError('run-exists', message('runs.stillTraining', { name: other.state.name }));
    this.refuseBesideSeries();
  }

  private refuseDeletion(runId: string): void {
    const run = this.active.get(runId);
    if (run !== undefined)
      throw new AppError('run-busy', message('runs.deleteTraining', { name: run.state.name }));
    if (this.held?.runId === runId) this.refuseBesideHold();
  }

  /** Between two runs of a series nothing trains. */
  private refuseBesideSeries(): void {
    if (this.isReserved) throw new AppError('run-busy', message('policies.running'));
  }

  private refuseHold(runId: string): void {
    this.refuseBesideHold();
    const own = this.active.get(runId);
    const computing = [...this.active.values()].find(({ state: { phase } }) => phase !== 'paused');
    const other = own ?? computing;
    if (other === undefined) return this.refuseBesideSeries();
    const why = own === undefined ? 'runs.takesTheCores' : 'runs.statisticsMove';
    throw new AppError('run-busy', message(why, { name: other.state.name }));
  }

  private refuseBesideHold(): void {
    if (this.held === null) return;
    throw new AppError('run-busy', message('runs.beingMeasured', { name: this.held.name }));
  }
}

function notThere(runId: string): AppError {
  return new AppError('run-not-found', message('runs.none', { run: runId }));
}
