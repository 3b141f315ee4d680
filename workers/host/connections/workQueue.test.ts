import { describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { WorkQueue } from './workQueue.ts';

/** Work that ends on request; `begun` lists the names of the work that has begun. */
function bench(queue: WorkQueue) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    start: (owner: object, name: string, key: string | null = null): Promise<string> =>
      queue.run(owner, key, () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
      }),
    end: async (name: string): Promise<void> => {
      ends.get(name)?.();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
  };
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

describe('WorkQueue', () => {
  it('runs a few at once, and owners take turns', async () => {
    const { begun, start, end } = bench(new WorkQueue(2, 10));
    const [one, two] = [{}, {}];
    const all = ['a', 'b', 'c', 'd'].map((name) => start(one, name));
    all.push(start(two, 'x'), start(two, 'y'));
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('a');
    await end('x');
    await end('c');
    await end('d');
    await end('y');
    expect(begun).toEqual(['a', 'b', 'c', 'x', 'd', 'y']);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'x', 'y']);
  });

  it('goes on after work that fails', async () => {
    const queue = new WorkQueue(1, 10);
    const failing = queue.run({}, null, () => Promise.reject(new Error('no')));
    const after = queue.run({}, null, () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await after).toBe('yes');
    expect(await queue.run({}, null, () => 'again')).toBe('again');
  });

  it('cancels what waits under a key, and all of an owner; what runs is left alone', async () => {
    const queue = new WorkQueue(1, 10);
    const { begun, start, end } = bench(queue);
    const [one, two] = [{}, {}];
    const running = start(one, 'a', 'k');
    const codes = [start(one, 'b', 'k'), start(one, 'c', 'other'), start(two, 'd')].map(codeOf);
    queue.cancel(one, 'k');
    queue.drop(two);
    await end('a');
    expect(await running).toBe('a');
    await end('c');
    expect(await Promise.all(codes)).toEqual(['interrupted', 'done', 'interrupted']);
    expect(begun).toEqual(['a', 'c']);
  });

  it('refuses an owner who has too many waiting, and nobody else', async () => {
    const { start, end } = bench(new WorkQueue(1, 2));
    const [one, two] = [{}, {}];
    const codes = ['a', 'b', 'c', 'd'].map((name) => codeOf(start(one, name)));
    codes.push(codeOf(start(two, 'x')));
    for (const name of ['a', 'b', 'x', 'c']) await end(name);
    expect(await Promise.all(codes)).toEqual(['done', 'done', 'done', 'host-busy', 'done']);
  });
});
