import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

class FakeChild extends EventEmitter {
  readonly posted: unknown[] = [];
  wasKilled = false;

  postMessage(message: unknown): void {
    this.posted.push(message);
  }

  kill(): void {
    this.wasKilled = true;
    this.emit('exit', 1);
  }
}

const children: FakeChild[] = [];
vi.mock('electron', () => ({
  utilityProcess: {
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
  },
  MessageChannelMain: class {
    readonly port1 = {};
    readonly port2 = {};
  },
}));
const { LabHostProcess } = await import('./labHostProcess.ts');

const told: string[] = [];
let host: InstanceType<typeof LabHostProcess>;
beforeEach(() => {
  vi.useFakeTimers();
  children.length = 0;
  told.length = 0;
  host = new LabHostProcess(
    'host.js',
    {},
    {
      onPort: () => told.push('port'),
      onGivenUp: () => told.push('given up'),
    },
  );
  host.start();
});
afterEach(() => vi.useRealTimers());

describe('LabHostProcess', () => {
  it('starts a host again that crashes, five times in a row, then says so and waits to be asked', () => {
    for (let crash = 0; crash < 6; crash += 1) children.at(-1)?.kill();
    expect(told).toEqual(['port', 'port', 'port', 'port', 'port', 'given up']);
    expect([children.length, host.isGivenUp]).toEqual([6, true]);

    host.restart();
    host.restart();
    expect([children.length, host.isGivenUp, told.at(-1)]).toEqual([7, false, 'port']);
    children.at(-1)?.kill();
    expect([children.length, told.at(-1)]).toEqual([8, 'port']);
  });

  it('forgets crashes that lie some time back', () => {
    for (let crash = 0; crash < 20; crash += 1) {
      children.at(-1)?.kill();
      vi.advanceTimersByTime(31_000);
    }
    expect(told).not.toContain('given up');
  });

  it('ends a host that is told to close and never does', async () => {
    const closed = host.close();
    expect(children[0]?.posted).toEqual([{ type: 'close' }]);
    await vi.advanceTimersByTimeAsync(39_000);
    expect(children[0]?.wasKilled).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    await closed;
    expect([children[0]?.wasKilled, children.length, told]).toEqual([true, 1, []]);
  });
});
