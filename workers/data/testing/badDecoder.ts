import { parentPort } from 'node:worker_threads';
import { END_REQUEST, ITEM_STATE, type DecodeReply, type DecodeRequest } from '../decode/decodeJob.ts';
import { asIs } from '#core/words/message.ts';

/**
 * A decoder for tests: writes 7 for every file, crashes on one named "crash", waits forever on "hang", fails on "fail".
 */
parentPort?.on('message', (request: DecodeRequest | typeof END_REQUEST) => {
  if (request === END_REQUEST) return parentPort?.close();
  const status = new Int32Array(request.batch.status);
  const send = (reply: DecodeReply): void => parentPort?.postMessage(reply);
  for (const { index, item } of request.items) {
    if (item.path === 'stillborn') process.exit(1);
    Atomics.store(status, index, ITEM_STATE.started);
    if (item.path === 'crash') process.exit(1);
    if (item.path === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    if (item.path === 'fail') send({ kind: 'failed', index, reason: asIs('it is bad'), isFinal: true });
    else new Uint8Array(request.batch.pixels)[index] = 7;
    Atomics.store(status, index, item.path === 'fail' ? ITEM_STATE.failed : ITEM_STATE.decoded);
  }
  send({ kind: 'done' });
});
