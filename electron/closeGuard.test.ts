import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const asked: string[] = [];
let language = 'en-US';
let answer: (() => Promise<{ response: number }>) | null = null;
vi.mock('electron', () => ({
  app: { getLocale: () => language },
  dialog: {
    showMessageBox: (_window: unknown, { message }: { message: string }) => {
      asked.push(message);
      return answer?.() ?? Promise.resolve({ response: 1 });
    },
  },
}));
const { guardClosing } = await import('./closeGuard.ts');

/** A window whose close button can be clicked. */
class FakeWindow extends EventEmitter {
  isClosed = false;

  close(): void {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    this.isClosed = !isPrevented;
  }
}

interface Fakes {
  readonly window: FakeWindow;
  readonly calls: string[];
}

function guarded(
  running: () => Promise<readonly string[]>,
  close = (): Promise<void> => Promise.resolve(),
): Fakes {
  const window = new FakeWindow();
  const calls: string[] = [];
  guardClosing(window as unknown as BrowserWindow, {
    runningRuns: () => (calls.push('running'), running()),
    close: () => (calls.push('close'), close()),
    kill: () => void calls.push('kill'),
  });
  return { window, calls };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  language = 'en-US';
  answer = null;
});
afterEach(() => vi.useRealTimers());

describe('closing the window', () => {
  it('lets the host save and goes, without a question where nothing trains', async () => {
    const { window, calls } = guarded(() => Promise.resolve([]));
    window.close();
    expect(window.isClosed).toBe(false);
    await settle();
    expect([window.isClosed, calls, asked]).toEqual([true, ['running', 'close'], []]);
  });

  it('asks once, however often it is closed meanwhile', async () => {
    let choose: (answer: { response: number }) => void = () => undefined;
    answer = () => new Promise((resolve) => (choose = resolve));
    const { window, calls } = guarded(() => Promise.resolve(['Net']));
    for (let click = 0; click < 3; click += 1) {
      window.close();
      await settle();
    }
    expect(asked).toEqual(['Net is still training.']);
    choose({ response: 1 });
    await settle();
    expect([window.isClosed, calls]).toEqual([false, ['running']]);

    answer = () => Promise.resolve({ response: 0 });
    window.close();
    await settle();
    expect([window.isClosed, calls, asked.length]).toEqual([true, ['running', 'running', 'close'], 2]);
  });

  it('closes the host once, however often it is closed while that saves', async () => {
    let done: () => void = () => undefined;
    const { window, calls } = guarded(
      () => Promise.resolve([]),
      () => new Promise((resolve) => (done = resolve)),
    );
    for (let click = 0; click < 3; click += 1) {
      window.close();
      await settle();
    }
    expect([window.isClosed, calls]).toEqual([false, ['running', 'close']]);
    done();
    await settle();
    expect(window.isClosed).toBe(true);
  });

  it('asks in the language of the system', async () => {
    language = 'zh-CN';
    const { window } = guarded(() => Promise.resolve(['Net']));
    window.close();
    await settle();
    expect(asked).toEqual(['Net 仍在训练。']);
  });

  it('asks about a host that does not answer, and goes without it', async () => {
    const { window, calls } = guarded(() => new Promise(() => undefined));
    window.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([window.isClosed, asked]).toEqual([false, ['The lab host does not answer.']]);
    answer = () => Promise.resolve({ response: 0 });
    window.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([window.isClosed, calls.at(-1)]).toEqual([true, 'kill']);
  });
});
