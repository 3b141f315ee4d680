import { join } from 'node:path';
import type { z } from 'zod';
import type { LabApi, LabEvent, LabMethod, LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { refuseTakenPrediction } from '../../evaluation/predictionFile.ts';
import { startClassifyFolder } from '../../pictures/classifyFolderClient.ts';
import type { ClassifiedFolder } from '../../pictures/classifyFolderMessages.ts';
import type { AskedPicture } from '../../pictures/pictureMessages.ts';
import { pictureThread } from '../../pictures/pictureThread.ts';
import type { Cancellable } from '../../threads/startThread.ts';
import { afterPreparing, TaskSet } from '../../threads/taskSet.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import { plainName } from '../projects/plainName.ts';
import { PictureSessions } from './pictureSessions.ts';

/** How long `close` waits for work that was cancelled. */
const CLOSE_TIMEOUT_MS = 5_000;

/** A call as the contract has parsed it. */
type Asked<M extends LabMethod> = z.output<LabApi[M]['params']>;

/** Single pictures on the networks of runs, each network in a thread of its own. */
export class PictureService {
  private readonly folderOf: (runId: string) => string;
  private readonly cacheFolder: string;
  private readonly grants: FileGrants;
  private readonly tell: (event: LabEvent) => void;
  private readonly sessions: PictureSessions;
  private readonly tasks = new TaskSet<unknown>();

  /** `folderOf` returns the folder of an existing run. */
  constructor(
    folderOf: (runId: string) => string,
    cacheFolder: string,
    grants: FileGrants,
    tell: (event: LabEvent) => void,
  ) {
    this.folderOf = folderOf;
    this.cacheFolder = cacheFolder;
    this.grants = grants;
    this.tell = tell;
    this.sessions = new PictureSessions((start) => pictureThread(start, tell));
  }

  /** Throws as `openPictureSession` does, and 'host-busy' where all sessions are at work. */
  async open({
    sessionId,
    runId,
    checkpoint,
    weights,
  }: Asked<'picture.open'>): Promise<LabResult<'picture.open'>> {
    const asked = { ...(checkpoint && { checkpoint }), ...(weights && { weights }) };
    const start = { run: this.folderOf(runId), cacheFolder: this.cacheFolder, ...asked };
    const session = this.sessions.open(sessionId, start);
    try {
      return await session.use((thread) => thread.call('open', undefined));
    } catch (error) {
      this.sessions.close(sessionId, session);
      throw error;
    }
  }

  /** Cancels the work of a session and frees its network. */
  closeSession(sessionId: string): void {
    this.sessions.close(sessionId);
  }

  /** Throws `AppError`: 'picture-gone' without the session, 'image-unreadable'. */
  async show({ sessionId, picture }: Asked<'picture.show'>): Promise<LabResult<'picture.show'>> {
    const resolved = this.resolve(picture);
    return this.sessions.get(sessionId).use((thread) => thread.call('show', resolved));
  }

  /** Throws as `PictureSession.classify` does. */
  async classify({ sessionId, ...asked }: Asked<'picture.classify'>): Promise<LabResult<'picture.classify'>> {
    const { taskId } = asked;
    const session = this.sessions.get(sessionId);
    this.refuseTaken(taskId);
    const work = session.use((thread) => thread.call('classify', asked));
    return this.atOnce(taskId, work, () => session.cancel(taskId));
  }

  /** Throws as `Look.map` does, and `AppError('picture-gone')`. */
  async map({ sessionId, ...asked }: Asked<'picture.map'>): Promise<LabResult<'picture.map'>> {
    return this.sessions.get(sessionId).use((thread) => thread.call('map', asked));
  }

  /** Throws as `Look.occlude` does, and `AppError('picture-gone')`. */
  async occlude({ sessionId, ...asked }: Asked<'picture.occlude'>): Promise<LabResult<'picture.occlude'>> {
    const { taskId } = asked;
    const session = this.sessions.get(sessionId);
    this.refuseTaken(taskId);
    const work = session.use((thread) => thread.call('occlude', asked));
    return this.atOnce(taskId, work, () => session.cancel(taskId));
  }

  /** Throws as `Look.features` does, and `AppError('picture-gone')`. */
  async features({ sessionId, ...asked }: Asked<'picture.features'>): Promise<LabResult<'picture.features'>> {
    return this.sessions.get(sessionId).use((thread) => thread.call('features', asked));
  }

  /** Throws as `Look.filters` does, and `AppError('picture-gone')`. */
  async filters({ sessionId, ...asked }: Asked<'picture.filters'>): Promise<LabResult<'picture.filters'>> {
    return this.sessions.get(sessionId).use((thread) => thread.call('filters', asked));
  }

  /**
   * Classifies a folder of images into a CSV file of a granted folder, under a plain name. Throws as `classifyIntoFile`
   * does.
   */
  async classifyFolder(asked: Asked<'picture.classifyFolder'>): Promise<LabResult<'picture.classifyFolder'>> {
    const { taskId, runId, checkpoint, images, folder, name, topK, overwrite } = asked;
    const from = this.grants.resolve(images, 'folder', 'read');
    const file = join(this.grants.resolve(folder, 'folder', 'create'), plainName(name, '.csv'));
    const run = this.folderOf(runId);
    this.refuseTaken(taskId);
    const { cacheFolder } = this;
    const request = {
      ...{ run, images: from, file, topK, overwrite, cacheFolder },
      ...(checkpoint && { checkpoint }),
    };
    const begin = (): Cancellable<ClassifiedFolder> =>
      startClassifyFolder(request, (progress) => this.tell({ event: 'pictureProgress', taskId, progress }));
    const stopped = message('pictures.stopped');
    const { cancel, done } = afterPreparing(() => refuseTakenPrediction(file, overwrite), begin, stopped);
    const counts = await this.atOnce(taskId, done, cancel);
    const written = must(this.grants.grantBelow(folder, file, 'export'), 'grant of a written file');
    return { file: written, ...counts };
  }

  /** Cancels a task, which is answered at once. One that has just ended is not affected. */
  cancel(taskId: string): void {
    this.tasks.cancel(taskId);
  }

  async close(): Promise<void> {
    await Promise.all([this.tasks.close(CLOSE_TIMEOUT_MS), this.sessions.closeAll(CLOSE_TIMEOUT_MS)]);
  }

  /**
   * Work that can be cancelled under `taskId`. A network computes batch by batch, so the caller is answered before the
   * thread hears of the cancel.
   */
  private atOnce<T>(taskId: string, work: Promise<T>, stop: () => void): Promise<T> {
    work.catch(() => undefined);
    let cancel = stop;
    const cancelled = new Promise<never>((_resolve, reject) => {
      cancel = () => {
        reject(new AppError('interrupted', message('pictures.stopped')));
        stop();
      };
    });
    return this.tasks.run(taskId, { cancel, done: Promise.race([work, cancelled]) }) as Promise<T>;
  }

  private refuseTaken(taskId: string): void {
    if (this.tasks.has(taskId)) throw new AppError('arguments', message('pictures.underWay'));
  }

  private resolve(picture: Asked<'picture.show'>['picture']): AskedPicture {
    switch (picture.kind) {
      case 'file':
        return { kind: 'file', path: this.grants.resolve(picture.file, 'image', 'read') };
      case 'bytes':
        return picture;
      case 'evaluated': {
        const { key, image } = picture;
        return { kind: 'evaluated', run: this.folderOf(key.runId), id: key.id, image };
      }
    }
  }
}
