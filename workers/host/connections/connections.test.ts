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
