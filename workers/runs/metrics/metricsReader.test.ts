import { appendFile, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { metricLine } from './metricLines.ts';
import { MetricsReader, MetricsReaders } from './metricsReader.ts';
import { openPlayground, type Playground } from '../testing/imageFolder.ts';

function stepEvent(step: number, elapsedMs = step * 10): MetricEvent {
  return {
    ...{ kind: 'step', step, epoch: 0.5, loss: 0.25, accuracy: 0.75, lr: 0.1 },
    ...{ imagesPerSecond: 100, elapsedMs },
  };
}
const context = { epoch: 0, loss: 0, accuracy: 0, lr: 0 };
const lines = (from: number, count: number, pace = 10): string =>
  Array.from({ length: count }, (_, index) =>
    metricLine(stepEvent(from + index, (from + index) * pace), context),
  ).join('');

let playground: Playground;
let file = '';
let reader: MetricsReader;
beforeEach(async () => {
  playground = await openPlayground();
  file = playground.at('metrics.jsonl');
  reader = new MetricsReader(file);
});
afterEach(() => playground.remove());

async function readAll(from = 0): Promise<number[]> {
  const steps: number[] = [];
  for (let next = from; ;) {
    const page = await reader.read(next);
    steps.push(...page.events.map(({ step }) => step));
    expect(page.next).toBe(next + page.events.length);
    if (page.events.length === 0) return steps;
    next = page.next;
  }
}
const numbers = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe('a metrics reader', () => {
  it('gives a long file in pages, every event once', async () => {
    await writeFile(file, lines(0, 20_500));
    expect(await readAll()).toEqual(numbers(0, 20_500));
    expect((await reader.read(0)).events.length).toBeLessThan(10_000);
    expect(await readAll(12_345)).toEqual(numbers(12_345, 20_500 - 12_345));
    expect(await reader.read(30_000)).toEqual({ events: [], next: 30_000 });
  });

  it('does not read again what it has passed: a page costs what it holds', async () => {
    await writeFile(file, lines(0, 12_000));
    await readAll();
    // Garbage of the same length where the reader must not look again: a reader from the start would miscount.
    const bytes = await readFile(file);
    await writeFile(file, Buffer.concat([Buffer.alloc(100_000, 'x'), bytes.subarray(100_000)]));
    expect((await reader.read(11_990)).events.map(({ step }) => step)).toEqual(numbers(11_990, 10));
    expect((await new MetricsReader(file).read(11_990)).events).toEqual([]);
  });

  it('sees what is appended, also behind a line that was half written', async () => {
    await writeFile(file, lines(0, 5));
    expect(await readAll()).toEqual(numbers(0, 5));
    const more = lines(5, 3);
    await appendFile(file, more.slice(0, 40));
    expect(await readAll(5)).toEqual([]);
    await appendFile(file, more.slice(40));
    expect(await readAll(5)).toEqual([5, 6, 7]);
  });

  it('counts a last line without its line feed, and only once', async () => {
    await writeFile(file, lines(0, 1000).trimEnd());
    expect(await readAll()).toEqual(numbers(0, 1000));
    await appendFile(file, `\n${lines(1000, 1)}`);
    expect(await readAll(999)).toEqual([999, 1000]);
  });

  it.each([2500, 2999, 3000])('begins anew where the file was cut at %d and grew otherwise', async (kept) => {
    await writeFile(file, lines(0, 9000));
    await readAll();
    await truncate(file, lines(0, kept).length);
    await appendFile(file, lines(kept, 9000, 7));
    expect(await readAll(5500)).toEqual(numbers(5500, kept + 9000 - 5500));
    expect((await reader.read(5500)).events[0]).toEqual(stepEvent(5500, 5500 * 7));
  });

  it('passes over lines that are not ours, without a number for them', async () => {
    await writeFile(file, `${lines(0, 2)}rubbish 中文\n\n${lines(2, 2)}`);
    expect(await readAll()).toEqual([0, 1, 2, 3]);
    expect(await readAll(3)).toEqual([3]);
  });

  it('gives nothing while there is no file, and nothing of one that was removed', async () => {
    expect(await reader.read(0)).toEqual({ events: [], next: 0 });
    await writeFile(file, lines(0, 2000));
    await readAll();
    await unlink(file);
    expect(await reader.read(1500)).toEqual({ events: [], next: 1500 });
  });

  it('reads a line longer than what it takes from the disk at once', async () => {
    const layers = numbers(0, 9000).map((n) => ({ node: `bn${n}`, drift: 0.5, warmup: 0 }));
    const long: MetricEvent = { kind: 'statistics', step: 1, layers };
    await writeFile(file, `${metricLine(long, context)}${lines(2, 1)}`);
    expect((await reader.read(0)).events).toEqual([long, stepEvent(2)]);
  });
});

describe('the readers of many files', () => {
  it('are kept while their file is read', () => {
    const readers = new MetricsReaders();
    const first = readers.of('a');
    for (let index = 0; index < 20; index += 1) readers.of(`${index}`);
    expect(readers.of('a')).toBe(first);
    for (let index = 0; index < 40; index += 1) readers.of(`${index}`);
    expect(readers.of('a')).not.toBe(first);
  });
});
