import { describe, expect, it } from 'vitest';
import { LAB_API } from '#core/contract/labApi.ts';
import { Connections, type LabConnection } from './connections.ts';
import type { LabHandlers } from './dispatch.ts';

/** Ids of the sessions that were closed, and connections to handlers that do nothing else. */
function spied(): { connections: Connections; closed: string[] } {
  const closed: string[] = [];
  const idle = Object.fromEntries(Object.keys(LAB_API).map((method) => [method, () => ({})]));
  const handlers = {
    ...idle,
    'picture.close': ({ sessionId }: { sessionId: string }) => {
      closed.push(sessionId);
      return {};
    },
  } as unknown as LabHandlers;
  return { connections: new Connections(handlers), closed };
}

const open = (screen: LabConnection | null, sessionId: string): unknown =>
  screen?.handle({ id: 1, method: 'picture.open', params: { sessionId, runId: 'r' } });

describe('a call that waits for its turn', () => {
  /** Connections whose searches and openings go on until `finish` is called, and the ids of those that began. */
  function waiting(): { connections: Connections; began: string[]; finish: () => void } {
    const began: string[] = [];
    const ends: (() => void)[] = [];
    const idle = Object.fromEntries(Object.keys(LAB_API).map((method) => [method, () => ({})]));
    const work = ({ taskId, sessionId }: { taskId?: string; sessionId?: string }): Promise<object> => {
      began.push(taskId ?? sessionId ?? '');
      return new Promise((resolve) => ends.push(() => resolve({})));
    };
    const slow = {
      ...{ 'doubt.suspects': work, 'doubt.duplicates': work, 'doubt.forgotten': work, 'pair.open': work },
      ...{ 'evaluation.write': work, 'picture.open': work },
    };
    const finish = (): void => {
      for (const end of ends.splice(0)) end();
    };
    return { connections: new Connections({ ...idle, ...slow } as unknown as LabHandlers), began, finish };
  }
  const key = { runId: 'r', id: '0123456789abcdef' };
  const search = (taskId: string) =>
    ({
      method: 'doubt.suspects',
      params: { ...key, taskId, from: 0, count: 1, text: null, others: [] },
    }) as const;
  const writing = (taskId: string) =>
    ({
      method: 'evaluation.write',
      params: { ...key, taskId, what: 'report', language: 'en', folder: 'g', name: 'n', overwrite: false },
    }) as const;
  const figures = (taskId: string) =>
    ({ method: 'pair.open', params: { first: key, second: key, taskId } }) as const;
  const opening = (sessionId: string) =>
    ({ method: 'picture.open', params: { sessionId, runId: 'r' } }) as const;

  it.each([
    { name: 'a search', call: search, atOnce: 2, cancel: 'doubt.cancel', by: 'taskId' },
    { name: 'the figures of a comparison', call: figures, atOnce: 2, cancel: 'pair.cancel', by: 'taskId' },
    { name: 'writing', call: writing, atOnce: 4, cancel: 'evaluation.cancel', by: 'taskId' },
    { name: 'opening a network', call: opening, atOnce: 4, cancel: 'picture.close', by: 'sessionId' },
  ])('is cancelled before it begins: $name', async ({ call, atOnce, cancel, by }) => {
    const { connections, began, finish } = waiting();
    const [one, other] = [connections.connect(() => undefined), connections.connect(() => undefined)];
    const names = Array.from({ length: atOnce }, (_, at) => `running ${at}`);
    const running = names.map((name, id) => one?.handle({ id, ...call(name) }));
    const queued = one?.handle({ id: 90, ...call('queued') });
    const ofOther = other?.handle({ id: 91, ...call('queued') });
    await one?.handle({ id: 92, method: cancel, params: { [by]: 'queued' } });
    expect(await queued).toMatchObject({ id: 90, ok: false, error: { code: 'interrupted' } });
    expect(began).toEqual(names);
    finish();
    await Promise.all(running);
    // The screens of others are not affected.
    await expect.poll(() => began).toEqual([...names, 'queued']);
    finish();
    await ofOther;
  });
});

describe('a screen that disconnects', () => {
  it('closes its own sessions for pictures, and no others', async () => {
    const { connections, closed } = spied();
    const [one, other] = [connections.connect(() => undefined), connections.connect(() => undefined)];
    await Promise.all([open(one, 'a'), open(one, 'b'), open(other, 'c')]);
    one?.close();
    one?.close();
    expect(closed).toEqual(['a', 'b']);
  });

  it('remembers a bounded number of ids', async () => {
    const { connections, closed } = spied();
    const screen = connections.connect(() => undefined);
    for (let index = 0; index < 100; index += 1) await open(screen, `s${index}`);
    screen?.close();
    expect(closed).toHaveLength(64);
    expect(closed.at(-1)).toBe('s99');
  });
});
