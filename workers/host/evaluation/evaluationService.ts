import { join } from 'node:path';
import type { z } from 'zod';
import type { EvaluationKey } from '#core/contract/evaluationCalls.ts';
import type { LabApi, LabEvent, LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { isReport, REPORT_HEAD_BYTES } from '#core/evaluation/report/reportPage.ts';
import { message } from '#core/words/message.ts';
import { startEvaluation, type StartedEvaluation } from '../../evaluation/evaluationClient.ts';
import type { JudgedImages } from '../../evaluation/judgedImages.ts';
import { ownTables } from '../../evaluation/writeTables.ts';
import { TaskCalls } from '../../threads/taskCalls.ts';
import { afterPreparing, TaskSet } from '../../threads/taskSet.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import { plainName } from '../projects/plainName.ts';
import { refuseForeign, refuseForeignFolder, type FileKind } from '../storage/overwriteGuard.ts';
import { keptThread, type KeptThread } from './keptThread.ts';
import { WRITING } from './taskWords.ts';

/** How long `close` waits for a thread. */
const CLOSE_TIMEOUT_MS = 30_000;
/** Evaluations at once; each has a thread, and all share the cores. */
const MOST_AT_ONCE = 4;
/** The k of the top-k accuracies. */
const TOP_K = [1, 5];

/** Reports of an evaluation and of a comparison. */
export const REPORT: FileKind = {
  noun: message('files.aReport'),
  headBytes: REPORT_HEAD_BYTES,
  recognizes: isReport,
};

/** Parameters as the host has parsed them. */
type Asked<M extends 'evaluation.start' | 'evaluation.write' | 'evaluation.images' | 'evaluation.pictures'> =
  z.output<LabApi[M]['params']>;
type Outcome = Awaited<ReturnType<typeof startEvaluation>['done']>;

interface EvaluationServiceOptions {
  /** The folder of an existing run. */
  readonly runOf: (runId: string) => string;
  /** Whether this is a run that trains elsewhere, whose folder is not in the lab. */
  readonly isFollowed: (runId: string) => Promise<boolean>;
  readonly cacheFolder: string;
  readonly grants: FileGrants;
  readonly tell: (event: LabEvent) => void;
}

/**
 * Evaluates runs for the screen, each evaluation in a thread of its own, and reads what was kept. As exports, they may
 * run while a run trains; both then share the cores.
 */
export class EvaluationService {
  private readonly options: EvaluationServiceOptions;
  private readonly active = new TaskSet<Outcome>();
  /** The run of each evaluation in progress. */
  private readonly runs = new Map<string, string>();

  private readonly kept: KeptThread;
  private readonly writing: TaskCalls;

  constructor(options: EvaluationServiceOptions) {
    this.options = options;
    const { cacheFolder, tell } = options;
    this.writing = new TaskCalls(
      (taskId, progress) => tell({ event: 'evaluationProgress', taskId, progress }),
      WRITING,
    );
    this.kept = keptThread({ cacheFolder }, (event) => this.writing.hear(event));
  }

  /** Throws `AppError`: 'arguments' for a task that is under way, 'host-busy', and as `startEvaluation`. */
  async start(request: Asked<'evaluation.start'>): Promise<LabResult<'evaluation.start'>> {
    const { taskId, runId, checkpoint, weights, statistics } = request;
    const { tell, cacheFolder } = this.options;
    const images = this.imagesOf(request.images);
    if (this.active.has(taskId)) throw new AppError('arguments', message('evaluating.underWay'));
    if (this.active.size >= MOST_AT_ONCE)
      throw new AppError('host-busy', message('evaluating.tooMany', { most: MOST_AT_ONCE }));
    const begin = (): StartedEvaluation<Outcome> =>
      startEvaluation(
        {
          ...{ run: this.options.runOf(runId), images, statistics, topK: TOP_K, keep: 'lab', cacheFolder },
          ...(checkpoint === undefined ? {} : { checkpoint }),
          ...(weights === undefined ? {} : { weights }),
        },
        (progress) => tell({ event: 'evaluationProgress', taskId, progress }),
      );
    const { id, skipped, notKept } = await this.work(taskId, runId, begin);
    return { key: { runId, id }, skipped: [...skipped], notKept };
  }

  /** Cancels an evaluation or a writing task, which is answered at once and leaves nothing; false if there is none. */
  cancel(taskId: string): boolean {
    return this.active.cancel(taskId) || this.writing.cancel(taskId);
  }

  async list(runId: string): Promise<LabResult<'evaluation.list'>> {
    if (await this.options.isFollowed(runId)) return [];
    return this.kept.call('list', { run: this.options.runOf(runId) });
  }

  open(key: EvaluationKey): Promise<LabResult<'evaluation.open'>> {
    return this.kept.call('open', this.place(key));
  }

  images({
    query,
    from,
    count,
    ...key
  }: Asked<'evaluation.images'>): Promise<LabResult<'evaluation.images'>> {
    return this.kept.call('images', { ...this.place(key), query, from, count });
  }

  pictures({
    images,
    sizePx,
    ...key
  }: Asked<'evaluation.pictures'>): Promise<LabResult<'evaluation.pictures'>> {
    return this.kept.call('pictures', { ...this.place(key), images, sizePx });
  }

  async remove(key: EvaluationKey): Promise<void> {
    await this.kept.call('remove', this.place(key));
  }

  /** Writes into a granted folder under a plain name; replaces only reports, and folders of tables. */
  async write(request: Asked<'evaluation.write'>): Promise<LabResult<'evaluation.write'>> {
    const { grants } = this.options;
    const { taskId, folder, name, what, language, overwrite, ...key } = request;
    const above = grants.resolve(folder, 'folder', 'create');
    const path = join(above, plainName(name, what === 'report' ? '.html' : ''));
    const place = this.place(key);
    await this.writing.run(taskId, {
      prepare: () => (what === 'report' ? refuseForeign(path, REPORT) : refuseForeignFolder(path, ownTables)),
      call: () => this.kept.call('write', { ...place, taskId, what, language, path, overwrite }),
      cancel: () => this.kept.call('cancel', { taskId }),
    });
    return { file: must(grants.grantBelow(folder, path, 'export'), 'grant of a written file') };
  }

  /** Refuses to delete a run that is being evaluated. */
  refuseDeletion(runId: string): void {
    if (![...this.runs.values()].includes(runId)) return;
    throw new AppError('run-busy', message('evaluating.deleteEvaluated'));
  }

  /** Removes what the lab keeps of a run that was deleted. */
  async forget(runId: string): Promise<void> {
    await this.kept.call('forget', { run: runId });
  }

  /** Cancels the evaluations in progress; resolves when all threads have ended. */
  async close(): Promise<void> {
    await Promise.all([this.active.close(CLOSE_TIMEOUT_MS), this.kept.close()]);
  }

  /** The task is known from now on, so that a cancel finds it. */
  private work(taskId: string, runId: string, begin: () => StartedEvaluation<Outcome>): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const beginAnswered = (): StartedEvaluation<Outcome> => {
        const handle = begin();
        handle.cancelled.catch(reject);
        return handle;
      };
      const stopped = message('runs.evaluationStopped');
      const task = afterPreparing(() => this.refuseFollowed(runId), beginAnswered, stopped);
      const done = this.active.run(taskId, task);
      this.runs.set(taskId, runId);
      const ended = (): void => void this.runs.delete(taskId);
      done.then(ended, ended);
      done.then(resolve, reject);
    });
  }

  private place({ runId, id }: EvaluationKey): { run: string; id: string } {
    return { run: this.options.runOf(runId), id };
  }

  private imagesOf(images: Asked<'evaluation.start'>['images']): JudgedImages {
    if (images.kind === 'own') return images;
    return { ...images, folder: this.options.grants.resolve(images.folder, 'folder', 'read') };
  }

  private async refuseFollowed(runId: string): Promise<void> {
    if (!(await this.options.isFollowed(runId))) return;
    throw new AppError('arguments', message('evaluating.followed'));
  }
}
