import { describe, expect, it } from 'vitest';
import { asIs } from '#core/words/message.ts';
import { createPace } from './pace.ts';

describe('createPace', () => {
  it('lets messages in while promises that are resolved are awaited, and hears the cancel among them', async () => {
    const abort = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener('message', () => abort.abort());
    port2.start();
    port1.postMessage('cancel');
    const pace = createPace(abort.signal, undefined, asIs('Enough.'));
    const work = (async () => {
      for (;;) {
        await Promise.resolve();
        await pace.tick(0, null);
      }
    })();
    await expect(work).rejects.toMatchObject({ code: 'interrupted', message: 'Enough.' });
    port1.close();
  });

  it('settles: what has arrived is heard before the next step', async () => {
    const abort = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener('message', () => abort.abort());
    port2.start();
    const pace = createPace(abort.signal);
    await pace.settle();
    port1.postMessage('cancel');
    await expect(pace.settle()).rejects.toMatchObject({ code: 'interrupted' });
    port1.close();
  });

  it('is cancelled before its first slice is over', () => {
    const pace = createPace(AbortSignal.abort());
    expect(() => pace.tick(0, 1)).toThrow('cancelled');
  });
});
