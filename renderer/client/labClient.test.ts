import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RequestFrame } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { asIs } from '#core/words/message.ts';
import { LabClient, reconnectDelayMs } from './labClient.ts';
import type { TransportHandlers } from './transport.ts';

const DESCRIPTION = {
  version: '0.1.0',
  backend: 'native',
  backendDescription: 'oneDNN',
  engineProblem: null,
  precisions: ['f32'],
  threads: 2,
  sampleFolder: null,
};

/** A host that answers only on request of the test. */
class FakeHost {
  readonly connections: { handlers: TransportHandlers; sent: RequestFrame[]; isClosed: boolean }[] = [];

  readonly open = (handlers: TransportHandlers) => {
    const connection = { handlers, sent: [] as RequestFrame[], isClosed: false };
    this.connections.push(connection);
    return {
      send: (frame: RequestFrame) => {
        connection.sent.push(frame);
      },
      close: () => {
        connection.isClosed = true;
      },
    };
  };

  get last() {
    return must(this.connections.at(-1), 'connection');
  }
}

function connected(): { host: FakeHost; client: LabClient } {
  const host = new FakeHost();
  const client = new LabClient(host.open);
  host.last.handlers.opened();
  return { host, client };
}

describe('LabClient', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('matches answers to calls by id, in any order', async () => {
    const { host, client } = connected();
    const first = client.call('lab.describe', {});
    const second = client.call('project.recent', {});
    expect(host.last.sent.map((frame) => frame.method)).toEqual(['lab.describe', 'project.recent']);
    const [one, two] = host.last.sent.map((frame) => frame.id);
    host.last.handlers.received({ id: two, ok: true, result: [] });
    host.last.handlers.received({ id: one, ok: true, result: DESCRIPTION });
    expect(await second).toEqual([]);
    expect((await first).backendDescription).toBe('oneDNN');
  });

  it('keeps calls made before the connection stands', async () => {
    const host = new FakeHost();
    const client = new LabClient(host.open);
    const recent = client.call('project.recent', {});
    expect(host.last.sent).toEqual([]);
    host.last.handlers.opened();
    host.last.handlers.received({ id: must(host.last.sent[0], 'frame').id, ok: true, result: [] });
    expect(await recent).toEqual([]);
  });

  it('works with a transport that opens before it is returned', () => {
    const sent: string[] = [];
    const client = new LabClient((handlers) => {
      handlers.opened();
      return { send: (frame) => sent.push(frame.method), close: () => undefined };
    });
    void client.call('project.recent', {});
    expect(client.state.kind).toBe('open');
    expect(sent).toEqual(['project.recent']);
  });

  it('rebuilds the error of the host by its code', async () => {
    const { host, client } = connected();
    const call = client.call('files.grant', { path: '/nowhere' });
    const error = { code: 'folder-not-found', message: 'No folder.', where: '/nowhere', detail: 'ENOENT' };
    host.last.handlers.received({ id: 1, ok: false, error });
    const thrown = await call.catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({
      code: 'folder-not-found',
      message: 'No folder.',
      where: '/nowhere',
      cause: asIs('ENOENT'),
    });
  });

  it('turns an unknown code into internal and keeps it', async () => {
    const { host, client } = connected();
    const call = client.call('project.recent', {});
    host.last.handlers.received({ id: 1, ok: false, error: { code: 'from-the-future', message: 'Eh.' } });
    await expect(call).rejects.toMatchObject({ code: 'internal', cause: asIs('from-the-future') });
  });

  it('refuses an answer that is not what the contract says', async () => {
    const { host, client } = connected();
    const call = client.call('lab.describe', {});
    host.last.handlers.received({ id: 1, ok: true, result: { ...DESCRIPTION, threads: 'two' } });
    await expect(call).rejects.toMatchObject({ code: 'message-refused', where: 'lab.describe' });
  });

  it('refuses malformed frames, counts them and fails the call they claim to answer', async () => {
    const { host, client } = connected();
    const call = client.call('project.recent', {});
    for (const frame of [undefined, 'text', 7, null, [], { ok: true }, { event: 'unknown' }]) {
      host.last.handlers.received(frame);
    }
    expect(client.refusedFrames).toBe(7);
    host.last.handlers.received({ id: 1, ok: 'perhaps', result: [] });
    await expect(call).rejects.toMatchObject({ code: 'message-refused' });
  });

  it('ignores a second and a stray answer', async () => {
    const { host, client } = connected();
    const call = client.call('project.recent', {});
    host.last.handlers.received({ id: 99, ok: true, result: 'stray' });
    host.last.handlers.received({ id: 1, ok: true, result: [] });
    host.last.handlers.received({ id: 1, ok: false, error: { code: 'io', message: 'late' } });
    expect(await call).toEqual([]);
    expect(client.refusedFrames).toBe(0);
  });

  it('reconnects with growing waits, and fails what was under way', async () => {
    const { host, client } = connected();
    const states: string[] = [];
    client.watch((state) => states.push(state.kind));
    const lost = client.call('project.recent', {});
    host.last.handlers.lost('host ended');
    await expect(lost).rejects.toMatchObject({ code: 'host-died', cause: 'host ended' });
    expect(client.state).toMatchObject({ kind: 'reconnecting', attempt: 1, delayMs: 250 });

    vi.advanceTimersByTime(249);
    expect(host.connections.length).toBe(1);
    vi.advanceTimersByTime(1);
    expect(host.connections.length).toBe(2);
    host.last.handlers.lost('still ended');
    expect(client.state).toMatchObject({ attempt: 2, delayMs: 500 });
    vi.advanceTimersByTime(500);

    const kept = client.call('project.recent', {});
    host.last.handlers.opened();
    host.last.handlers.received({ id: must(host.last.sent[0], 'frame').id, ok: true, result: [] });
    expect(await kept).toEqual([]);
    expect(states).toEqual(['reconnecting', 'reconnecting', 'open']);
    host.last.handlers.lost('again');
    expect(client.state).toMatchObject({ attempt: 1 });
  });

  it('waits to be asked after the host was given up', async () => {
    const { host, client } = connected();
    const under = client.call('project.recent', {});
    host.last.handlers.stopped();
    await expect(under).rejects.toMatchObject({ code: 'host-died' });
    await expect(client.call('project.recent', {})).rejects.toMatchObject({ code: 'host-died' });
    vi.advanceTimersByTime(60_000);
    expect([client.state.kind, host.connections.length]).toEqual(['stopped', 1]);
    client.retry();
    client.retry();
    expect([client.state.kind, host.connections.length]).toEqual(['connecting', 2]);
    host.last.handlers.opened();
    expect(client.state.kind).toBe('open');
  });

  it('does not take an answer of a lost connection for one of the new', async () => {
    const { host, client } = connected();
    const first = client.call('project.recent', {});
    host.last.handlers.lost('gone');
    await expect(first).rejects.toMatchObject({ code: 'host-died' });
    vi.advanceTimersByTime(250);
    host.last.handlers.opened();
    const second = client.call('project.recent', {});
    host.last.handlers.received({ id: 1, ok: true, result: 'of the first' });
    host.last.handlers.received({ id: 2, ok: true, result: [] });
    expect(await second).toEqual([]);
  });

  it('never waits longer than eight seconds', () => {
    expect([1, 2, 3, 6, 7, 50].map(reconnectDelayMs)).toEqual([250, 500, 1000, 8000, 8000, 8000]);
  });

  it('keeps events until a handler exists and hands them over in order', () => {
    const { host, client } = connected();
    for (const done of [1, 2]) {
      host.last.handlers.received({ event: 'dataProgress', scanId: 's', done, total: null });
    }
    const seen: number[] = [];
    const off = client.on('dataProgress', (event) => seen.push(event.done));
    host.last.handlers.received({ event: 'dataProgress', scanId: 's', done: 3, total: 3 });
    off();
    host.last.handlers.received({ event: 'dataProgress', scanId: 's', done: 4, total: 4 });
    expect(seen).toEqual([1, 2, 3]);
    const later: number[] = [];
    client.on('dataProgress', (event) => later.push(event.done));
    expect(later).toEqual([4]);
  });

  it('refuses an event whose fields are wrong', () => {
    const { host, client } = connected();
    const seen: unknown[] = [];
    client.on('dataProgress', (event) => seen.push(event));
    host.last.handlers.received({ event: 'dataProgress', scanId: 's', done: 'many', total: null });
    expect(seen).toEqual([]);
    expect(client.refusedFrames).toBe(1);
  });

  it('fails everything when closed and stays closed', async () => {
    const { host, client } = connected();
    const call = client.call('project.recent', {});
    client.close();
    await expect(call).rejects.toMatchObject({ code: 'host-died' });
    await expect(client.call('project.recent', {})).rejects.toMatchObject({ code: 'host-died' });
    expect(host.last.isClosed).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(host.connections.length).toBe(1);
  });
});
