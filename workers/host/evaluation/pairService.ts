import { join } from 'node:path';
import type { LabEvent, LabParams, LabResult } from '#core/contract/labApi.ts';
import type { ComparedNetwork, PairKey } from '#core/contract/pairCalls.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { startPair } from '../../pairs/pairClient.ts';
import type { PairFound, PairRequest } from '../../pairs/pairRequest.ts';
import { ownPairTables } from '../../pairs/writePair.ts';
import { callThread } from '../../threads/calls.ts';
import type { Cancellable } from '../../threads/startThread.ts';
import { TaskCalls } from '../../threads/taskCalls.ts';
import { afterPreparing, TaskSet } from '../../threads/taskSet.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import { plainName } from '../projects/plainName.ts';
import { refuseForeign, refuseForeignFolder } from '../storage/overwriteGuard.ts';
import { REPORT } from './evaluationService.ts';
import type { PairReadingHandlers } from './pairReadingHandlers.ts';
import { COMPARING } from './taskWords.ts';

/** How long `close` waits for a thread. */
const CLOSE_TIMEOUT_MS = 30_000;
/** A cancel is answered this soon, even where the thread computes a long step. */
const ANSWER_AFTER_MS = 60;
/** The k of the top-k accuracies of the evaluations that a comparison makes: those of the panel. */
const TOP_K = [1, 5];

interface PairServiceOptions {
  /** The folder of an existing run. */
  readonly runOf: (runId: string) => string;
  /** Whether this is a run that trains elsewhere, whose folder is not in the lab. */
  readonly isFollowed: (runId: string) => Promise<boolean>;
  readonly cacheFolder: string;
  readonly grants: FileGrants;
  readonly tell: (event: LabEvent) => void;
}

/**
 * Compares two networks for the screen. Both are evaluated in a thread of its own, with progress and cancel, also while
 * a run trains; the comparison itself is computed in another thread, which keeps the last one in memory.
 */
export class PairService {
  private readonly options: PairServiceOptions;
  private readonly active = new TaskSet<PairFound>();
  /** The runs of each comparison in progress. */
  private readonly runs = new Map<string, readonly string[]>();
  private readonly reading;
  private readonly tasks: TaskCalls;

  constructor(options: PairServiceOptions) {
    this.options = options;
    const entry = new URL('./pairReadingWorker.ts', import.meta.url);
    const { cacheFolder, tell } = options;
    this.tasks = new TaskCalls(
      (taskId, progress) => tell({ event: 'evaluationProgress', taskId, progress }),
      COMPARING,
    );
    this.reading = callThread<PairReadingHandlers>(entry, 'pair-reading', { cacheFolder }, (event) =>
      this.tasks.hear(event),
    );
  }

  /** Throws as `startPair`, and `AppError('arguments')` for a task that is under way. */
  async compare({ taskId, ...request }: LabParams<'pair.compare'>): Promise<PairKey> {
    const { cacheFolder, tell } = this.options;
    const images = this.imagesOf(request.images);
    if (this.active.has(taskId)) throw new AppError('arguments', message('pairs.underWay'));
    const begin = (): Cancellable<PairFound> => {
      const [first, second] = [this.networkOf(request.first), this.networkOf(request.second)];
      return startPair({ first, second, images, topK: TOP_K, cacheFolder }, (progress) =>
        tell({ event: 'evaluationProgress', taskId, progress }),
      );
    };
    const found = await this.work(taskId, [request.first.runId, request.second.runId], begin);
    return {
      first: { runId: request.first.runId, id: found.first.id },
      second: { runId: request.second.runId, id: found.second.id },
    };
  }

  /** Cancels a comparison, its figures or its files, which is answered at once; its thread may end a little later. */
  cancel(taskId: string): void {
    if (!this.active.cancel(taskId)) this.tasks.cancel(taskId);
  }

  /** Throws as `openPair`. */
  async open({ taskId, ...key }: LabParams<'pair.open'>): Promise<LabResult<'pair.open'>> {
    const found = this.foundOf(key);
    return this.tasks.run(taskId, {
      call: () => this.reading.call('open', { ...found, taskId }),
      cancel: () => this.reading.call('cancel', { taskId }),
    });
  }

  images({ first, second, ...page }: LabParams<'pair.images'>): Promise<LabResult<'pair.images'>> {
    return this.reading.call('images', { ...this.foundOf({ first, second }), ...page });
  }

  /** Writes into a granted folder under a plain name. Throws as `writePairReport` and `writePairTables`. */
  async write(request: LabParams<'pair.write'>): Promise<LabResult<'pair.write'>> {
    const { taskId, first, second, folder, name, what, language, overwrite } = request;
    const { grants } = this.options;
    const inFolder = grants.resolve(folder, 'folder', 'create');
    const path = join(inFolder, plainName(name, what === 'report' ? '.html' : ''));
    const found = this.foundOf({ first, second });
    await this.tasks.run(taskId, {
      prepare: () =>
        what === 'report' ? refuseForeign(path, REPORT) : refuseForeignFolder(path, ownPairTables),
      call: () => this.reading.call('write', { ...found, taskId, what, language, overwrite, path }),
      cancel: () => this.reading.call('cancel', { taskId }),
    });
    return { file: must(grants.grantBelow(folder, path, 'export'), 'grant of a written file') };
  }

  /** Cancels the comparisons in progress; resolves when the threads have ended. */
  async close(): Promise<void> {
    await Promise.all([this.active.close(CLOSE_TIMEOUT_MS), this.reading.close()]);
  }

  /** Refuses to delete a run that is being compared. */
  refuseDeletion(runId: string): void {
    if (![...this.runs.values()].some((each) => each.includes(runId))) return;
    throw new AppError('run-busy', message('evaluating.deleteEvaluated'));
  }

  /** The task is known from now on, so that a cancel finds it. */
  private async work(
    taskId: string,
    runs: readonly string[],
    begin: () => Cancellable<PairFound>,
  ): Promise<PairFound> {
    const prepare = async (): Promise<void> => {
      for (const run of runs) await this.refuseFollowed(run);
    };
    const { cancel, done } = afterPreparing(prepare, begin, message('runs.evaluationStopped'));
    let answer: (error: AppError) => void = () => undefined;
    const cancelled = new Promise<never>((_, reject) => (answer = reject));
    cancelled.catch(() => undefined);
    const stop = (): void => {
      cancel();
      setTimeout(
        () => answer(new AppError('interrupted', message('runs.evaluationStopped'))),
        ANSWER_AFTER_MS,
      );
    };
    const outcome = this.active.run(taskId, { cancel: stop, done });
    this.runs.set(taskId, runs);
    const ended = (): void => void this.runs.delete(taskId);
    outcome.then(ended, ended);
    return Promise.race([outcome, cancelled]);
  }

  private async refuseFollowed(runId: string): Promise<void> {
    if (!(await this.options.isFollowed(runId))) return;
    throw new AppError('arguments', message('evaluating.followed'));
  }

  private networkOf({ runId, ...choice }: ComparedNetwork): PairRequest['first'] {
    const chosen = Object.entries(choice).filter(([, value]) => value !== undefined);
    return { run: this.options.runOf(runId), ...Object.fromEntries(chosen) };
  }

  private imagesOf(images: LabParams<'pair.compare'>['images']): PairRequest['images'] {
    if (images.kind === 'own') return images;
    return { ...images, folder: this.options.grants.resolve(images.folder, 'folder', 'read') };
  }

  private foundOf({ first, second }: PairKey): PairFound {
    const placed = ({ runId, id }: PairKey['first']): PairFound['first'] => ({
      ...{ run: this.options.runOf(runId), id },
    });
    return { first: placed(first), second: placed(second) };
  }
}
