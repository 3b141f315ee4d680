import { describe, expect, it } from 'vitest';
import { PORT_MESSAGE, STOPPED_MESSAGE } from '#core/contract/shellPort.ts';
import type { Message } from '#core/words/message.ts';
import { told } from '#core/words/testing.ts';
import { messagePortTransport } from './messagePortTransport.ts';

/** The part of a window that the transport uses; `postMessage` calls its own listeners at once. */
class FakePage {
  readonly location = { origin: 'app://normlab' };
  readonly listeners = new Set<(message: unknown) => void>();

  addEventListener(_type: string, listener: (message: unknown) => void): void {
    this.listeners.add(listener);
  }
  removeEventListener(_type: string, listener: (message: unknown) => void): void {
    this.listeners.delete(listener);
  }
  postMessage(data: unknown, _origin: string, ports: unknown[]): void {
    this.deliver({ source: this, data, ports });
  }
  deliver(message: unknown): void {
    for (const listener of [...this.listeners]) listener(message);
  }
}

function start() {
  const page = new FakePage();
  const log: unknown[] = [];
  let asked = 0;
  const open = messagePortTransport(page as unknown as Window, () => {
    asked += 1;
  });
  const handlers = {
    opened: () => log.push('opened'),
    received: (frame: unknown) => log.push(frame),
    lost: (reason: string | Message) => log.push(`lost: ${told(reason)}`),
    stopped: () => log.push('stopped'),
  };
  return { page, log, open, handlers, asked: (): number => asked };
}

const arrived = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('messagePortTransport', () => {
  it('asks for a port, opens when it comes and carries frames both ways', async () => {
    const { page, log, open, handlers, asked } = start();
    const transport = open(handlers);
    expect(asked()).toBe(1);
    const { port1, port2 } = new MessageChannel();
    page.postMessage({ type: PORT_MESSAGE }, '', [port1]);
    const fromPage: unknown[] = [];
    port2.onmessage = (event) => fromPage.push(event.data);
    transport.send({ id: 1, method: 'project.recent', params: {} });
    port2.postMessage({ id: 1, ok: true, result: [] });
    await arrived();
    expect(log).toEqual(['opened', { id: 1, ok: true, result: [] }]);
    expect(fromPage).toEqual([{ id: 1, method: 'project.recent', params: {} }]);
    transport.close();
    port2.close();
  });

  it('ignores messages of other windows, of other types and without a port', () => {
    const { page, log, open, handlers } = start();
    open(handlers);
    const { port1 } = new MessageChannel();
    page.deliver({ source: {}, data: { type: PORT_MESSAGE }, ports: [port1] });
    page.deliver({ source: page, data: { type: 'other' }, ports: [port1] });
    page.deliver({ source: page, data: { type: PORT_MESSAGE }, ports: [] });
    page.deliver({ source: page, data: null, ports: [port1] });
    expect(log).toEqual([]);
    port1.close();
  });

  it('gives up the old port when a new one comes, and keeps the new one for the next connection', async () => {
    const { page, log, open, handlers, asked } = start();
    open(handlers);
    const first = new MessageChannel();
    const second = new MessageChannel();
    page.postMessage({ type: PORT_MESSAGE }, '', [first.port1]);
    page.postMessage({ type: PORT_MESSAGE }, '', [second.port1]);
    expect(log).toEqual(['opened', 'lost: the lab host was restarted']);
    first.port2.postMessage('from the dead');
    await arrived();
    const transport = open(handlers);
    expect(asked()).toBe(1);
    second.port2.postMessage('from the living');
    await arrived();
    expect(log.slice(2)).toEqual(['opened', 'from the living']);
    transport.close();
    first.port2.close();
    second.port2.close();
  });

  it('tells when the other side closes', async () => {
    const { page, log, open, handlers } = start();
    open(handlers);
    const { port1, port2 } = new MessageChannel();
    page.postMessage({ type: PORT_MESSAGE }, '', [port1]);
    port2.close();
    await arrived();
    expect(log).toEqual(['opened', 'lost: the lab host closed the port']);
  });

  it('tells when the host is given up, and forgets the port that waits', async () => {
    const { page, log, open, handlers, asked } = start();
    open(handlers);
    const first = new MessageChannel();
    const second = new MessageChannel();
    page.postMessage({ type: PORT_MESSAGE }, '', [first.port1]);
    page.postMessage({ type: PORT_MESSAGE }, '', [second.port1]);
    page.postMessage({ type: STOPPED_MESSAGE }, '', []);
    open(handlers);
    expect(asked()).toBe(2);
    page.postMessage({ type: STOPPED_MESSAGE }, '', []);
    page.postMessage({ type: STOPPED_MESSAGE }, '', []);
    await arrived();
    expect(log).toEqual(['opened', 'lost: the lab host was restarted', 'stopped']);
    first.port2.close();
    second.port2.close();
  });
});
