import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callThread, type CallThread } from './calls.ts';
import type { echoHandlers } from './testing/echoWorker.ts';

let thread: CallThread<ReturnType<typeof echoHandlers>>;
let told: unknown[];
beforeEach(() => {
  told = [];
  const entry = new URL('./testing/echoWorker.ts', import.meta.url);
  thread = callThread(entry, 'echo', { word: 'So' }, (event) => told.push(event));
});
afterEach(() => thread.close());

describe('a thread of calls', () => {
  it('answers each call, whatever their order, and tells events', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => thread.call('echo', { text })));
    expect(answers).toEqual(['So a', 'So b', 'So c']);
    await thread.call('tell', { text: 'news' });
    expect(told).toEqual(['news']);
  });

  it('keeps the calling thread free while it computes in one piece', async () => {
    await thread.call('echo', { text: 'begun' });
    const done = thread.call('block', { ms: 500 }).then(() => 'done');
    // Much shorter than the work: this event comes first, unless this thread was blocked.
    const beat = new Promise<string>((resolve) => setTimeout(() => resolve('beat'), 20));
    expect(await Promise.race([done, beat])).toBe('beat');
    expect(await done).toBe('done');
  });

  it('hands errors over by their code', async () => {
    await expect(thread.call('refuse', undefined as never)).rejects.toMatchObject({
      code: 'run-not-found',
      where: 'there',
    });
  });

  it('that dies refuses what was asked, and the next call starts another', async () => {
    await expect(thread.call('die', undefined as never)).rejects.toMatchObject({ code: 'worker-died' });
    expect(await thread.call('echo', { text: 'again' })).toBe('So again');
  });

  it('that is closed refuses what is under way', async () => {
    await thread.call('echo', { text: 'begun' });
    const waiting = thread.call('wait', undefined);
    const refused = expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
    await thread.close();
    await refused;
  });

  it('that is to finish answers what is under way first', async () => {
    const answered: string[] = [];
    const blocked = thread.call('block', { ms: 200 }).then(() => answered.push('blocked'));
    const echoed = thread.call('echo', { text: 'last' }).then((text) => answered.push(text));
    await thread.finish();
    await Promise.all([blocked, echoed]);
    expect(answered).toEqual(['blocked', 'So last']);
    await thread.finish();
  });
});
