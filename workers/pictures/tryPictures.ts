import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { unusableImage } from '../data/decode/decodeImage.ts';
import { listPictures, type Listed, type Unpredicted } from '../inference/predictRun.ts';
import { createPace } from '../threads/pace.ts';
import type { TaskContext } from '../threads/progress.ts';
import type { Answers } from './batchAnswers.ts';
import { openPictureSession, type PictureSession, type PictureSessionOptions } from './pictureSession.ts';
import type { Answer } from './triedNetwork.ts';

export interface TryOptions extends PictureSessionOptions, TaskContext {
  /** Image files, and folders whose images are all taken. */
  readonly paths: readonly string[];
  /** Number of other images in a batch. */
  readonly companions: number;
  /** Number of batches of random training images. */
  readonly batches: number;
  /** Called once, before the first picture. */
  readonly onStart?: (session: PictureSession) => void;
}

/** What a network gives for a picture alone and in batches. */
export interface TriedPicture {
  readonly file: string;
  readonly stored: Answer;
  /** In a batch with training images of the class that it was given. */
  readonly kind: Answers;
  /** In batches with random training images. */
  readonly random: Answers;
}

/**
 * Classifies pictures with the stored statistics and with those of batches, and yields each as soon as it is known.
 * Throws `AppError` as `openPictureSession`, `listPictures` and `PictureSession.classify` do.
 */
export async function* tryPictures(options: TryOptions): AsyncGenerator<TriedPicture | Unpredicted> {
  const pace = createPace(options.signal, undefined, message('pictures.stopped'));
  const files = await listPictures(options.paths, pace);
  const session = await openPictureSession(options);
  try {
    options.onStart?.(session);
    for (const listed of files) yield await tryOne(session, listed, options);
  } finally {
    await session.close();
  }
}

async function tryOne(
  session: PictureSession,
  { file, problem }: Listed,
  { companions, batches, signal, onProgress }: TryOptions,
): Promise<TriedPicture | Unpredicted> {
  const shown = await shownOrNot(session, { file, problem });
  if ('error' in shown) return shown;
  const answersOf = (statistics: 'stored' | 'kind' | 'random'): Promise<Answers> =>
    session.classify({ ...shown, statistics, companions, batches }, { signal, onProgress });
  const { answers } = await answersOf('stored');
  const [stored] = answers;
  if (stored?.logits.every(Number.isFinite) !== true)
    return { file, error: message('images.notFiniteOutput') };
  return { file, stored, kind: await answersOf('kind'), random: await answersOf('random') };
}

async function shownOrNot(
  session: PictureSession,
  { file, problem }: Listed,
): Promise<{ readonly pictureId: string } | Unpredicted> {
  try {
    if (problem !== null) throw unusableImage(file, problem);
    return { pictureId: (await session.show({ kind: 'file', path: file })).pictureId };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'image-unreadable') throw error;
    return { file, error: error.said };
  }
}
