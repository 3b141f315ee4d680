import { labEventSchema, type LabEvent } from '#core/contract/labApi.ts';
import { callThread, type CallThread } from '../../threads/calls.ts';
import type { ReadingData, ReadingHandlers } from './readingHandlers.ts';

export type ReadingThread = CallThread<ReadingHandlers>;

/** What the services of the host ask of it. */
export type Reading = Pick<ReadingThread, 'call'>;

/**
 * The thread that reads for the host: scanning a million files, dividing them for a plan or decoding a large checkpoint
 * takes seconds in one piece, and the host must hear every message meanwhile.
 */
export function readingThread(data: ReadingData, tell: (event: LabEvent) => void): ReadingThread {
  const entry = new URL('./readingWorker.ts', import.meta.url);
  return callThread<ReadingHandlers>(entry, 'reading', data, (event) => tell(labEventSchema.parse(event)));
}
