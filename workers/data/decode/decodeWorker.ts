import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { advised } from '../../files/imageReasons.ts';
import { fileSizeProblem } from '../format/limits.ts';
import { readProblem } from '../../files/systemErrors.ts';
import {
  END_REQUEST,
  ITEM_STATE,
  type DecodeBatch,
  type DecodeItem,
  type DecodeReply,
  type DecodeRequest,
} from './decodeJob.ts';
import { decodePixels } from './decodePixels.ts';
import { targetBytes } from '../pixels/target.ts';
import { UnreadableImage } from '../format/unreadableImage.ts';

const CHANGED = advised(message('images.changedSinceScan'), 'images.scanAgain');

const port = must(parentPort, 'parent port of a decoder');
const send = (reply: DecodeReply): void => port.postMessage(reply);

port.on('message', (request: DecodeRequest | typeof END_REQUEST) => {
  if (request === END_REQUEST) port.close();
  else void serve(request);
});

/**
 * Decodes one file after another into the shared memory and updates `status`, so that a crash can be attributed to its
 * file.
 */
async function serve(request: DecodeRequest): Promise<void> {
  const status = new Int32Array(request.batch.status);
  const cancelled = new Int32Array(request.cancelled);
  for (const { index, item } of request.items) {
    if (Atomics.load(cancelled, 0) !== 0) return;
    Atomics.store(status, index, ITEM_STATE.started);
    try {
      await decodeInto(request.batch, index, item);
      Atomics.store(status, index, ITEM_STATE.decoded);
    } catch (thrown) {
      const isFinal = thrown instanceof UnreadableImage && thrown.isFinal;
      const reason = thrown instanceof UnreadableImage ? thrown.reason : readProblem(thrown, item.path);
      send({ kind: 'failed', index, reason, isFinal });
      Atomics.store(status, index, ITEM_STATE.failed);
    }
  }
  send({ kind: 'done' });
}

async function decodeInto(batch: DecodeBatch, index: number, item: DecodeItem): Promise<void> {
  const pixels = await decodePixels(readUnchanged(item), batch.target);
  const size = targetBytes(batch.target);
  new Uint8Array(batch.pixels, batch.pixelOffset + index * size, size).set(pixels);
}

function readUnchanged(item: DecodeItem): Buffer {
  const handle = openSync(item.path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile() || stats.size !== item.sizeBytes || stats.mtimeMs !== item.modifiedMs) {
      throw new UnreadableImage(CHANGED, undefined, false);
    }
    const problem = fileSizeProblem(stats.size);
    if (problem !== null) throw new UnreadableImage(problem);
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}
