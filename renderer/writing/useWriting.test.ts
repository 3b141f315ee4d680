import { effectScope } from 'vue';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { asIs, message } from '#core/words/message.ts';
import { useWriting } from './useWriting.ts';

type Told = Parameters<Parameters<typeof useWriting>[0]['listen']>[0];

/** A writing whose answer the test sends, and what the lab was told to cancel. */
function writing() {
  const scope = effectScope();
  const cancelled: string[] = [];
  const listeners: Told[] = [];
  const settling: { resolve?: (value: string) => void; reject?: (error: Error) => void } = {};
  let taskId = '';
  const made = scope.run(() =>
    useWriting<string>({
      listen: (told) => void listeners.push(told),
      cancel: (id) => {
        cancelled.push(id);
        return Promise.reject(new Error('it has just ended'));
      },
    }),
  );
  if (made === undefined) throw new Error('no scope');
  const begin = (): Promise<void> =>
    made.start((id) => {
      taskId = id;
      return new Promise((resolve, reject) => Object.assign(settling, { resolve, reject }));
    });
  return {
    ...{ ...made, scope, cancelled, begin, id: () => taskId },
    tell: (id: string, done: number) =>
      listeners.forEach((told) => told(id, { label: message('work.measuring'), done, total: 9 })),
    resolve: (value: string) => settling.resolve?.(value),
    fail: (code: ConstructorParameters<typeof AppError>[0], where?: string) =>
      settling.reject?.(new AppError(code, asIs('why'), where === undefined ? {} : { where })),
  };
}

describe('useWriting', () => {
  it('tells its own progress and the result', async () => {
    const { state, begin, tell, id, resolve } = writing();
    const done = begin();
    tell('of another page', 3);
    expect(state.value).toMatchObject({ kind: 'working', work: { progress: null } });
    tell(id(), 4);
    expect(state.value).toMatchObject({ kind: 'working', work: { progress: { done: 4 } } });
    resolve('/there');
    await done;
    expect(state.value).toEqual({ kind: 'done', result: '/there' });
    tell(id(), 9);
    expect(state.value.kind).toBe('done');
  });

  it('writes one thing at a time', async () => {
    const { state, begin, id, resolve, reset } = writing();
    const done = begin();
    const first = id();
    await begin();
    expect(id()).toBe(first);
    reset();
    expect(state.value.kind).toBe('working');
    resolve('');
    await done;
    reset();
    expect(state.value).toEqual({ kind: 'idle' });
  });

  it('asks before something is replaced, and says why it failed', async () => {
    const { state, begin, fail } = writing();
    const first = begin();
    fail('output-exists', '/taken');
    await first;
    expect(state.value).toEqual({ kind: 'asking', path: '/taken' });
    const second = begin();
    fail('disk-full');
    await second;
    expect(state.value).toMatchObject({ kind: 'failed', error: { code: 'disk-full' } });
  });

  it('is cancelled by its id, and when its component is left', async () => {
    const { state, begin, fail, cancel, cancelled, id, scope } = writing();
    cancel();
    expect(cancelled).toEqual([]);
    const first = begin();
    cancel();
    expect(cancelled).toEqual([id()]);
    fail('interrupted');
    await first;
    expect(state.value).toEqual({ kind: 'cancelled' });
    void begin();
    scope.stop();
    expect(cancelled).toHaveLength(2);
    expect(cancelled[1]).toBe(id());
  });
});
