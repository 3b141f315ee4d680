import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { NormStatistics } from '#core/contract/normStatistics.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import {
  recalibrationCommandSchema,
  recalibrationRequestSchema,
  type RecalibrationMessage,
  type RecalibrationRequest,
} from './recalibrationMessages.ts';
import { recalibrateOwn, undoRecalibration } from './recalibrateOwn.ts';

/** Progress is told at most this often while batches fly by. */
const TELL_EVERY_MS = 100;

/** Entry of a recalibration thread: one pass or its undoing, then one end. */
async function serve(port: MessagePort, request: RecalibrationRequest): Promise<void> {
  const abort = new AbortController();
  const send = (message: RecalibrationMessage): void => port.postMessage(message);
  port.on('message', (message: unknown) => {
    recalibrationCommandSchema.parse(message);
    abort.abort();
  });
  try {
    send({ kind: 'done', result: await work(request, abort.signal, send) });
  } catch (error) {
    send({ kind: 'failed', error: toErrorData(error) });
  } finally {
    port.close();
  }
}

async function work(
  { run, checkpoint = 'last', work: wanted }: RecalibrationRequest,
  signal: AbortSignal,
  send: (message: RecalibrationMessage) => void,
): Promise<NormStatistics> {
  if (wanted.kind === 'undo') return undoRecalibration(run, checkpoint);
  let toldAt = -Infinity;
  let toldLabel = '';
  return recalibrateOwn(run, {
    ...{ batches: wanted.batches, cacheFolder: wanted.cacheFolder, signal, checkpoint },
    onProgress: (label, done, total) => {
      const now = performance.now();
      if (label === toldLabel && now - toldAt < TELL_EVERY_MS) return;
      [toldAt, toldLabel] = [now, label];
      send({ kind: 'event', event: { label, done, total } });
    },
  });
}

await serve(
  must(parentPort, 'parent of the recalibration thread'),
  recalibrationRequestSchema.parse(workerData),
);
