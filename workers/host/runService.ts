import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LabEvent, LabResult } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { readMetrics } from '../trainer/metricsWriter.ts';
import { startTrainer, type TrainerHandle } from '../trainer/trainerClient.ts';
import type { TrainEvent } from '../trainer/trainEvents.ts';
import type { FileGrants } from './fileGrants.ts';
import type { LabHome } from './labHome.ts';
import { parseProject } from './projectService.ts';
import { afterEvent, afterFailure, afterFinish, newRunState, timeLeftMs } from './runState.ts';
import { readRun, readRuns } from './runsOnDisk.ts';

/** States are told at most this often while steps fly by. */
const STATE_EVERY_MS = 250;
/** How long closing waits for a trainer's last checkpoint. */
const CLOSE_TIMEOUT_MS = 30_000;

interface ActiveRun {
  readonly handle: TrainerHandle;
  state: RunState;
  fromStep: number;
  /** Time spent running, without pauses, and since when it runs now. */
  runningMs: number;
  runningSince: number | null;
  toldAt: number;
}

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
  private readonly active = new Map<string, ActiveRun>();
  /** Name of the run whose files somebody else works on. */
  private held: string | null = null;

  constructor(home: LabHome, grants: FileGrants, tell: (event: LabEvent) => void) {
    this.home = home;
    this.grants = grants;
    this.tell = tell;
  }

  start(request: RunRequest): { runId: string } {
    this.refuseSecondRun();
    const document = parseProject(request.project);
    const runId = newRunId(request.name);
    const train = this.grants.resolve(request.train);
    const validation = request.validation === null ? null : this.grants.resolve(request.validation);
    this.launch(runId, request.name, { document, train, validation, resume: false });
    return { runId };
  }

  pause(runId: string): void {
    const run = this.mustBeActive(runId);
    if (run.state.phase === 'running') this.update(run, { ...run.state, phase: 'pausing' }, true);
    run.handle.pause();
  }

  /** Lets a paused run go on, or takes up an interrupted or stopped one from its last checkpoint. */
  async resume(runId: string): Promise<void> {
    const run = this.active.get(runId);
    if (run !== undefined) {
      this.refuseBesideHold();
      return run.handle.resume();
    }
    this.refuseSecondRun();
    const state = await readRun(this.home.runs, runId);
    if (state === null) throw new AppError('run-not-found', `There is no run ${runId} any more.`);
    if (state.phase === 'finished')
      throw new AppError('run-exists', `${state.name} is finished: start a new run to train further.`);
    this.refuseSecondRun(); // reading took a while
    this.launch(runId, state.name, { document: null, train: null, validation: null, resume: true });
  }

  stop(runId: string): void {
    const run = this.mustBeActive(runId);
    this.update(run, { ...run.state, phase: 'stopping' }, true);
    run.handle.stop();
  }

  async list(): Promise<RunState[]> {
    const onDisk = await readRuns(this.home.runs);
    const states = new Map(onDisk.map((state) => [state.runId, state]));
    for (const [runId, { state }] of this.active) states.set(runId, state);
    return [...states.values()].sort((a, b) => (a.runId < b.runId ? 1 : -1)); // newest first: ids begin with the time
  }

  async metrics(runId: string, from: number): Promise<LabResult<'run.metrics'>> {
    // A run that was just started has no folder yet, and no metrics.
    const events = this.active.has(runId)
      ? await readMetrics(join(this.home.runs, runId))
      : await readMetrics(this.folderOf(runId));
    return { events: events.slice(from), next: Math.max(from, events.length) };
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
    const ends = [...this.active.values()].map(({ handle }) => {
      handle.stop();
      return handle.done.catch(() => undefined);
    });
    await Promise.race([
      Promise.all(ends),
      new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref()),
    ]);
  }

  private launch(
    runId: string,
    name: string,
    request: {
      document: GraphDocument | null;
      train: string | null;
      validation: string | null;
      resume: boolean;
    },
  ): void {
    const handle = startTrainer({
      ...request,
      name,
      out: join(this.home.runs, runId),
      cacheFolder: this.home.cache,
    });
    const run: ActiveRun = {
      handle,
      state: newRunState(runId, name),
      fromStep: 0,
      runningMs: 0,
      runningSince: null,
      toldAt: 0,
    };
    this.active.set(runId, run);
    handle.onEvent((event) => this.onTrainEvent(runId, run, event));
    this.tell({ event: 'runState', state: run.state });
    handle.done
      .then(
        (result) => afterFinish(run.state, result),
        (thrown: unknown) => afterFailure(run.state, toErrorData(thrown)),
      )
      .then((state) => {
        this.active.delete(runId);
        this.update(run, state, true);
      })
      .catch(() => undefined); // telling the screen must never bring the host down
  }

  private onTrainEvent(runId: string, run: ActiveRun, event: TrainEvent): void {
    if (event.type === 'plan') run.fromStep = event.fromStep;
    if (event.type === 'phase') keepTime(run, event.phase === 'running');
    if (event.type === 'metrics')
      this.tell({ event: 'metrics', runId, first: event.first, events: event.events });
    const next = afterEvent(run.state, event);
    const etaMs = timeLeftMs(next, run.fromStep, runningMs(run));
    this.update(
      run,
      { ...next, etaMs },
      event.type === 'phase' || event.type === 'plan' || event.type === 'checkpoint',
    );
  }

  /** Takes the new state, and tells it at once when `isNews`, else at the next beat. */
  private update(run: ActiveRun, state: RunState, isNews: boolean): void {
    run.state = state;
    const now = performance.now();
    if (!isNews && now - run.toldAt < STATE_EVERY_MS) return;
    run.toldAt = now;
    this.tell({ event: 'runState', state });
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

function keepTime(run: ActiveRun, isRunning: boolean): void {
  run.runningMs = runningMs(run);
  run.runningSince = isRunning ? performance.now() : null;
}

function runningMs(run: ActiveRun): number {
  return run.runningMs + (run.runningSince === null ? 0 : performance.now() - run.runningSince);
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
