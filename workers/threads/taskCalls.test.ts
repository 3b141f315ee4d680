import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { message } from '#core/words/message.ts';
import { TaskCalls } from './taskCalls.ts';
import { ThreadTasks, type ThreadTask } from './threadTasks.ts';

const SAID = { stopped: message('lab.cancelled'), underWay: message('pairs.underWay') };

/** Both sides in one thread; what one tells the other arrives a turn later. */
function bothSides(): {
  run: (work: (task: ThreadTask) => Promise<string>, prepare?: () => Promise<void>) => Promise<string>;
  cancel: () => void;
  told: unknown[];
  heard: string[];
} {
  const [told, heard]: [unknown[], string[]] = [[], []];
  const calls = new TaskCalls((_, progress) => told.push(progress), SAID);
  const tasks = new ThreadTasks((news) => setImmediate(() => calls.hear(news)), SAID);
  return {
    run: (work, prepare) =>
      calls.run('t', {
        ...(prepare && { prepare }),
        call: async () => {
          await wait(1);
          return tasks.run('t', work);
        },
        cancel: async () => {
          await wait(1);
          heard.push('cancel');
          tasks.cancel('t');
        },
      }),
    cancel: () => calls.cancel('t'),
    ...{ told, heard },
  };
}
const refusalOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );

describe('a task in a thread', () => {
  it('gives its outcome and its progress, and refuses a second one', async () => {
    const { run, told } = bothSides();
    const work = run(async ({ onProgress }) => {
      onProgress(message('work.figures'), 1, 2);
      await wait(20);
      return 'found';
    });
    expect(await refusalOf(run(() => Promise.resolve('')))).toBe('arguments');
    expect(await work).toBe('found');
    expect(told).toEqual([{ label: message('work.figures'), done: 1, total: 2 }]);
  });

  it('is answered soon after a cancel, also where its work does not end', async () => {
    const { run, cancel } = bothSides();
    let signal: AbortSignal | undefined;
    const refused = refusalOf(
      run((task) => {
        ({ signal } = task);
        return new Promise(() => undefined);
      }),
    );
    await wait(10);
    const from = performance.now();
    cancel();
    expect(await refused).toBe('interrupted');
    expect(performance.now() - from).toBeLessThan(process.env['CI'] === undefined ? 100 : 1_000);
    expect(signal?.aborted).toBe(true);
  });

  it('that is cancelled while it is prepared is never called', async () => {
    const { run, cancel, heard } = bothSides();
    let isCalled = false;
    const refused = refusalOf(
      run(
        () => {
          isCalled = true;
          return Promise.resolve('');
        },
        () => wait(120),
      ),
    );
    cancel();
    expect(await refused).toBe('interrupted');
    await wait(150);
    expect({ isCalled, heard }).toEqual({ isCalled: false, heard: [] });
  });

  it('does what cannot be undone either before a cancel or not at all', async () => {
    const { run, cancel } = bothSides();
    const placed: string[] = [];
    const late = run(async ({ commit }) => {
      await commit();
      await wait(150);
      placed.push('late');
      return 'placed';
    });
    await wait(20);
    cancel();
    expect(await late).toBe('placed');
    const early = refusalOf(
      run(async ({ commit }) => {
        await wait(40);
        await commit();
        placed.push('early');
        return 'placed';
      }),
    );
    await wait(10);
    cancel();
    expect(await early).toBe('interrupted');
    await wait(80);
    expect(placed).toEqual(['late']);
  });
});
