import { labEventSchema, type LabEvent } from '#core/contract/labApi.ts';
import { callThread, type CallThread } from '../../threads/calls.ts';
import type { ReadingData, ReadingHandlers } from './readingHandlers.ts';

export type ReadingThread = CallThread<ReadingHandlers>;

/** The calls that the host's services make to it. */
export type Reading = Pick<ReadingThread, 'call'>;

/**
 * The thread that reads for the host. Scanning a million files, splitting them for a plan or decoding a large
 * checkpoint takes seconds without a break, and the host must stay responsive meanwhile.
 */
export function readingThread(data: ReadingData, tell: (event: LabEvent) => void): ReadingThread {
  const entry = new URL('./readingWorker.ts', import.meta.url);
  return callThread<ReadingHandlers>(entry, 'reading', data, (event) => tell(labEventSchema.parse(event)));
}
