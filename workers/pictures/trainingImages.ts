import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { openRunPart, type RunDataOptions, type RunPart } from '../runs/data/runData.ts';
import type { TaskContext } from '../threads/progress.ts';

/** The training images of a run: opened when they are first needed, and used by one task at a time. */
export class TrainingImages {
  private readonly run: string;
  private readonly cacheFolder: Pick<RunDataOptions, 'cacheFolder'>;
  private opened: RunPart | null = null;
  /** The end of the task before: a batch that is read is valid until the next one is. */
  private before: Promise<unknown> = Promise.resolve();

  constructor(run: string, cacheFolder: Pick<RunDataOptions, 'cacheFolder'>) {
    this.run = run;
    this.cacheFolder = cacheFolder;
  }

  /**
   * Runs `task` with the images when the tasks before it have ended. Throws as `openRunPart` and `task` do, and
   * `AppError('interrupted')`.
   */
  async use<T>(context: TaskContext, task: (images: RunPart) => Promise<T>): Promise<T> {
    const work = this.before.then(async () => {
      if (context.signal.aborted) throw new AppError('interrupted', message('pictures.stopped'));
      this.opened ??= await this.open(context);
      return task(this.opened);
    });
    this.before = work.catch(() => undefined);
    return work;
  }

  async close(): Promise<void> {
    await this.before;
    await this.opened?.close();
    this.opened = null;
  }

  private async open(context: TaskContext): Promise<RunPart> {
    const opened = await openRunPart(this.run, 'train', { ...this.cacheFolder, ...context });
    // Only a few of the images are needed: they are read from the cache file.
    await opened.letGo();
    return opened;
  }
}
