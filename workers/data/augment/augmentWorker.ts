import { parentPort, workerData } from 'node:worker_threads';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { AugmentReply, AugmentRequest, AugmentSetup } from './augmentJob.ts';
import { batchFiller } from './fillBatch.ts';

/** Worker thread that makes augmented batches while the trainer computes. */
const port = must(parentPort, 'parent port of an augmenting thread');
const setup = workerData as AugmentSetup;
const fill = batchFiller(setup);
const finished = new Int32Array(setup.finished);
const send = (reply: AugmentReply): void => port.postMessage(reply);

port.on('message', (request: AugmentRequest) => {
  const { ticket, place } = request;
  try {
    fill(request);
    Atomics.store(finished, place, ticket);
    send({ kind: 'done', ticket });
  } catch (thrown) {
    send({ kind: 'failed', ticket, error: toErrorData(thrown) });
  }
});
