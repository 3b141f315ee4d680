import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LabEvent, LabResult } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { MetricsReaders } from '../trainer/metricsReader.ts';
import { runFolderAt } from '../trainer/runFolder.ts';
import type { TrainerRequest } from '../trainer/trainerClient.ts';
import { ActiveRun } from './activeRun.ts';
import type { FileGrants } from './fileGrants.ts';
import type { LabHome } from './labHome.ts';
import type { ReadingThread } from './readingThread.ts';
import { newRunState } from './runState.ts';
import { parseProject } from './projectService.ts';
import { readRun, readRuns } from './runsOnDisk.ts';

/** How long closing waits for a trainer's last checkpoint. */
const CLOSE_TIMEOUT_MS = 30_000;

export interface RunRequest {
  readonly project: string;
  readonly name: string;
  readonly train: string;
  readonly validation: string | null;
}

/** Starts, steers and remembers training runs; each lives in a folder of its own and in a worker thread while it trains. */
export class RunService {
  private readonly home: LabHome;
  private readonly grants: FileGrants;
  private readonly tell: (event: LabEvent) => void;
  private readonly reading: ReadingThread | null;
  private readonly active = new Map<string, ActiveRun>();
  private readonly readers = new MetricsReaders();
  /** Name of the run whose files somebody else works on. */
  private held: string | null = null;

  /** `reading` reads the runs on the disk in a thread of its own; without it, this one does. */
  constructor(
    home: LabHome,
    grants: FileGrants,
    tell: (event: LabEvent) => void,
    reading: ReadingThread | null = null,
  ) {
    this.reading = reading;
    this.home = home;
    this.grants = grants;
    this.tell = tell;
  }

  start(request: RunRequest): { runId: string } {
    this.refuseSecondRun();
    const document = parseProject(request.project);
    const runId = newRunId(request.name);
    const train = this.grants.resolve(request.train, 'folder', 'read');
    const validation =
      request.validation === null ? null : this.grants.resolve(request.validation, 'folder', 'read');
    this.launch(runId, request.name, { document, train, validation, resume: false });
    return { runId };
  }

  pause(runId: string): void {
    this.mustBeActive(runId).pause();
  }

  /**
   * Lets a paused run go on, or takes up an interrupted or stopped one from its last checkpoint; with more `epochs` than before, a
   * finished one too.
   */
  async resume(runId: string, epochs?: number): Promise<void> {
    const run = this.active.get(runId);
    if (run !== undefined) {
      this.refuseBesideHold();
      if (epochs !== undefined)
        throw new AppError(
          'arguments',
          `${run.state.name} is in training: stop it before you ask for more epochs.`,
        );
      return run.resume();
    }
    this.refuseSecondRun();
    const state = await readRun(this.home.runs, runId);
    if (state === null) throw new AppError('run-not-found', `There is no run ${runId} any more.`);
    if (state.phase === 'finished' && epochs === undefined)
      throw new AppError(
        'run-exists',
        `${state.name} is finished: ask for more epochs, or start a new run to train further.`,
      );
    this.refuseSecondRun(); // reading took a while
    const wish = epochs === undefined ? {} : { wish: { epochs } };
    const request = { document: null, train: null, validation: null, resume: true, ...wish };
    this.launch(runId, state.name, request, state.lastCheckpointAt);
  }

  stop(runId: string): void {
    this.mustBeActive(runId).stop();
  }

  async list(): Promise<RunState[]> {
    const { runs } = this.home;
    const onDisk = await (this.reading?.call('runs', { folder: runs }) ?? readRuns(runs));
    const states = new Map(onDisk.map((state) => [state.runId, state]));
    for (const [runId, { state }] of this.active) states.set(runId, state);
    return [...states.values()].sort((a, b) => (a.runId < b.runId ? 1 : -1)); // newest first: ids begin with the time
  }

  /** A page of a run's metrics, from event `from` on; none behind the last one. */
  metrics(runId: string, from: number): Promise<LabResult<'run.metrics'>> {
    // A run that was just started has no folder yet, and no metrics.
    const folder = this.active.has(runId) ? join(this.home.runs, runId) : this.folderOf(runId);
    return this.readers.of(runFolderAt(folder).files.metrics).read(from);
  }

  /**
   * Keeps a run from being trained, and all others from computing, until the returned function is called: for work on its files that
   * takes the cores. Throws `AppError`: 'run-not-found', 'run-busy'.
   */
  async hold(runId: string): Promise<() => void> {
    this.refuseHold(runId);
    this.folderOf(runId);
    const state = await readRun(this.home.runs, runId);
    this.refuseHold(runId); // reading took a while
    this.held = state?.name ?? runId;
    return () => {
      this.held = null;
    };
  }

  /** The folder of a run that exists. */
  folderOf(runId: string): string {
    const folder = join(this.home.runs, runId);
    if (runId === '.' || runId === '..' || !existsSync(folder))
      throw new AppError('run-not-found', `There is no run ${runId}.`);
    return folder;
  }

  runningRuns(): string[] {
    return [...this.active.values()]
      .filter(({ state }) => state.phase !== 'paused')
      .map(({ state }) => state.name);
  }

  /** Stops every run with its state saved; resolves when their threads are gone. */
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

  private launch(
    runId: string,
    name: string,
    request: Pick<TrainerRequest, 'document' | 'train' | 'validation' | 'resume' | 'wish'>,
    lastCheckpointAt: number | null = null,
  ): void {
    const whole = { ...request, name, out: join(this.home.runs, runId), cacheFolder: this.home.cache };
    const onEnd = (): void => void this.active.delete(runId);
    const begin = { ...newRunState(runId, name), lastCheckpointAt };
    this.active.set(runId, new ActiveRun(begin, whole, { tell: this.tell, onEnd }));
  }

  private mustBeActive(runId: string): ActiveRun {
    const run = this.active.get(runId);
    if (run === undefined) throw new AppError('run-not-found', 'This run is not training now.');
    return run;
  }

  /** One run at a time: two trainers would share the cores, and both would be slower than one after the other. */
  private refuseSecondRun(): void {
    this.refuseBesideHold();
    const [other] = this.active.values();
    if (other !== undefined)
      throw new AppError(
        'run-exists',
        `${other.state.name} is still training: stop it first, or wait for its end.`,
      );
  }

  private refuseHold(runId: string): void {
    this.refuseBesideHold();
    const own = this.active.get(runId);
    const computing = [...this.active.values()].find(({ state: { phase } }) => phase !== 'paused');
    const other = own ?? computing;
    if (other === undefined) return;
    throw new AppError(
      'run-busy',
      own === undefined
        ? `${other.state.name} is training and takes the cores: pause or stop it first, or wait for its end.`
        : `${other.state.name} is still training, and its statistics move with every step: stop it first, or wait for its end.`,
    );
  }

  private refuseBesideHold(): void {
    if (this.held === null) return;
    throw new AppError(
      'run-busy',
      `The BatchNorm statistics of ${this.held} are being measured: wait for the end of that, or cancel it first.`,
    );
  }
}

/** Sorts by time, reads well in a file manager: `20261121-093000-my-network-3f9a`. */
function newRunId(name: string): string {
  const time = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return [time, slug, randomBytes(2).toString('hex')].filter((part) => part !== '').join('-');
}
