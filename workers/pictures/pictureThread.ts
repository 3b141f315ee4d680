import { labEventSchema, type LabEvent } from '#core/contract/labApi.ts';
import { message } from '#core/words/message.ts';
import { callThread, type CallThread } from '../threads/calls.ts';
import type { PictureHandlers } from './pictureHandlers.ts';
import type { PictureStart } from './pictureMessages.ts';

export type PictureThread = CallThread<PictureHandlers>;

/**
 * The thread of a session for single pictures, which holds the network. After a crash the next call starts it again; it
 * then has no pictures.
 */
export function pictureThread(start: PictureStart, tell: (event: LabEvent) => void): PictureThread {
  const entry = new URL('./pictureWorker.ts', import.meta.url);
  const onEvent = (event: unknown): void => tell(labEventSchema.parse(event));
  return callThread<PictureHandlers>(entry, 'pictures', start, onEvent, message('pictures.threadDied'));
}
