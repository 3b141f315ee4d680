import { describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { randomModel } from '#core/export/testing/randomModel.ts';
import { memorySource, tinyDocument } from '#core/training/testing/tinyRun.ts';
import { evaluateModel } from './evaluateRun.ts';
import { recalibrateModel } from './recalibrateModel.ts';

/*
 * The set lies in memory, so every batch is available at once: without turns of the event loop the cancel message would
 * be received only after the last batch.
 */
const model = randomModel(tinyDocument());
const source = memorySource(20_000);

interface Measured {
  readonly batches: number;
  readonly heard: unknown;
}

/** Sends the cancel as the thread's parent does, once the work has begun; returns how many batches ran. */
async function cancelled(
  work: (signal: AbortSignal, onProgress: () => void) => Promise<unknown>,
): Promise<Measured> {
  const abort = new AbortController();
  const { port1, port2 } = new MessageChannel();
  port2.addEventListener('message', () => abort.abort());
  port2.start();
  let batches = 0;
  const heard: unknown = await work(abort.signal, () => {
    batches += 1;
    if (batches === 3) port1.postMessage('cancel');
  }).catch((error: unknown) => error);
  port1.close();
  return { batches, heard };
}

describe('a cancel', () => {
  it('is heard while statistics are measured over a set in memory', async () => {
    const { batches, heard } = await cancelled((signal, onProgress) =>
      recalibrateModel(model, source, { signal, onProgress, backend: referenceBackend }),
    );
    expect(heard).toMatchObject({ code: 'interrupted' });
    expect(batches).toBeLessThan(source.size / 5 / 2);
  });

  it('is heard while a set in memory is evaluated', async () => {
    const { batches, heard } = await cancelled((signal, onProgress) =>
      evaluateModel(model, source, { signal, onProgress, batch: 4, backend: referenceBackend }),
    );
    expect(heard).toMatchObject({ code: 'interrupted' });
    expect(batches).toBeLessThan(source.size / 4 / 2);
  });

  it('that comes with the last batch still counts: nothing is given to be written', async () => {
    const abort = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener('message', () => abort.abort());
    port2.start();
    const work = recalibrateModel(model, memorySource(20), {
      signal: abort.signal,
      backend: referenceBackend,
      onProgress: (_, done, total) => {
        if (done === total) port1.postMessage('cancel');
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    port1.close();
  });
});
