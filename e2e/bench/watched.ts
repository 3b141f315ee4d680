import { chromium, type Page } from '@playwright/test';
import { findBrowser } from '../../build/setup/systemLibraries.ts';
import { startFrames, stopFrames, type Frames } from './frames.ts';

/** Opens a page of 1440 x 860 pixels for `work`. */
export async function withBrowser(work: (page: Page) => Promise<void>): Promise<void> {
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: ['--no-sandbox'],
  });
  try {
    await work(await browser.newPage({ viewport: { width: 1440, height: 860 } }));
  } finally {
    await browser.close();
  }
}

/** Runs in the page: simulates dragging the scroll bar, one step per frame for three seconds. */
export function drag(grid: Element, { from, to }: { from: number; to: number }): Promise<void> {
  const all = grid.scrollHeight - grid.clientHeight;
  const began = performance.now();
  return new Promise((resolve) => {
    const step = (): void => {
      const share = Math.min(1, (performance.now() - began) / 3000);
      grid.scrollTop = all * (from + (to - from) * share);
      if (share < 1) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });
}

/** Prints how long `work` takes. */
export async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await work();
  say(`${what}: ${(performance.now() - began).toFixed(0)} ms`);
}

/** Prints the frames and the long tasks of the page during `work`. */
export async function told(page: Page, what: string, work: () => Promise<void>): Promise<void> {
  await page.evaluate(startFrames);
  await work();
  const frames: Frames = await page.evaluate(stopFrames);
  const sorted = frames.deltasMs.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
  const tasks = frames.longTasksMs.map((ms) => ms.toFixed(0)).join(', ');
  say(
    `${what}: ${sorted.length} frames, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms; tasks over 50 ms: ${tasks || 'none'}`,
  );
}

/** Prints the number of elements of the page and the size of its heap. */
export async function tellSize(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  say(`${elements} elements, ${(usedSize / 2 ** 20).toFixed(0)} MB of JavaScript heap`);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
