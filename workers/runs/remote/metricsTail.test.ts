import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { MetricsReader } from '../metrics/metricsReader.ts';
import { eventsOf, linesOf, stepAt } from '../testing/remoteFolder.ts';
import { MetricsTail } from './metricsTail.ts';

let folder: string;
let file: string;
let tail: MetricsTail;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'normlab-tail-'));
  file = join(folder, 'metrics.jsonl');
  tail = new MetricsTail(file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** All that is there now, and the number of the first event. */
async function all(): Promise<{ first: number; events: MetricEvent[]; pages: number }> {
  const events: MetricEvent[] = [];
  let first: number | null = null;
  for (let pages = 1; ; pages += 1) {
    const page = await tail.next();
    first ??= page.first;
    events.push(...page.events);
    if (page.isEnd) return { first, events, pages };
  }
}

describe('the tail of the metrics of a run elsewhere', () => {
  it('reads only what was appended, and numbers it on', async () => {
    expect(await all()).toMatchObject({ first: 0, events: [] });
    writeFileSync(file, linesOf(eventsOf(1, 3)));
    expect((await all()).events).toEqual(eventsOf(1, 3));
    appendFileSync(file, linesOf(eventsOf(4, 6)));
    expect(await all()).toMatchObject({ first: eventsOf(1, 3).length, events: eventsOf(4, 6) });
    expect(await all()).toMatchObject({ first: eventsOf(1, 6).length, events: [] });
    expect(tail.lastStep?.step).toBe(6);
    expect(tail.lastEpoch?.epoch).toBe(1);
  });

  it('leaves a last line that is not complete for the next time', async () => {
    const [line] = [linesOf([stepAt(2)])];
    writeFileSync(file, linesOf([stepAt(1)]) + line.slice(0, 30));
    expect((await all()).events).toEqual([stepAt(1)]);
    appendFileSync(file, line.slice(30, 50));
    expect((await all()).events).toEqual([]);
    appendFileSync(file, line.slice(50));
    expect(await all()).toMatchObject({ first: 1, events: [stepAt(2)] });
    expect(tail.damaged).toBe(0);
  });

  it('starts again for a file that was cut, also where it has grown beyond its old size since', async () => {
    writeFileSync(file, linesOf(eventsOf(1, 20)));
    await all();
    const { reading } = tail;
    truncateSync(file, linesOf(eventsOf(1, 10)).length);
    expect(await all()).toMatchObject({ first: 0, events: eventsOf(1, 10) });
    expect(tail.reading).not.toBe(reading);
    // Replaced atomically, then written on with other figures, as after a resume from a checkpoint.
    const later = eventsOf(11, 40).map((event) =>
      'elapsedMs' in event ? { ...event, elapsedMs: event.elapsedMs + 7 } : event,
    );
    writeFileSync(file, linesOf(eventsOf(1, 20)));
    await all();
    writeFileSync(join(folder, 'new'), linesOf([...eventsOf(1, 10), ...later]));
    renameSync(join(folder, 'new'), file);
    expect(await all()).toMatchObject({ first: 0, events: [...eventsOf(1, 10), ...later] });
    expect(tail.lastStep?.step).toBe(40);
  });

  it('reads on in a file that was replaced by one with the same beginning', async () => {
    writeFileSync(file, linesOf(eventsOf(1, 5)));
    await all();
    const { reading } = tail;
    writeFileSync(join(folder, 'new'), linesOf(eventsOf(1, 7)));
    renameSync(join(folder, 'new'), file);
    expect(await all()).toMatchObject({ first: eventsOf(1, 5).length, events: eventsOf(6, 7) });
    expect(tail.reading).toBe(reading);
  });

  it('counts lines that are no events, and numbers the others as the reader of pages does', async () => {
    const bad = ['{"kind":"step"', 'null', '{"kind":"step","step":1}', '\u0000\u0000', '{"kind":"other"}'];
    writeFileSync(file, `${linesOf([stepAt(1)])}${bad.join('\n')}\n\n${linesOf([stepAt(2)])}`);
    const { events } = await all();
    expect(events).toEqual([stepAt(1), stepAt(2)]);
    expect(tail.damaged).toBe(bad.length);
    expect(await new MetricsReader(file).read(1)).toEqual({ events: [stepAt(2)], next: 2 });
  });

  it('takes a line of any length in pieces, without holding it', async () => {
    writeFileSync(file, `${linesOf([stepAt(1)])}${'x'.repeat((5 << 20) + 10)}`);
    expect((await all()).events).toEqual([stepAt(1)]);
    appendFileSync(file, `\n${linesOf([stepAt(2)])}`);
    expect((await all()).events).toEqual([stepAt(2)]);
    expect(tail.damaged).toBe(6);
    expect((await new MetricsReader(file).read(0)).events).toEqual([stepAt(1), stepAt(2)]);
  });

  it('reads a large backlog page by page', async () => {
    const many = Array.from({ length: 30_000 }, (_, at) => stepAt(at + 1));
    writeFileSync(file, linesOf(many));
    const { events, pages } = await all();
    expect(events).toHaveLength(30_000);
    expect(pages).toBeGreaterThan(5);
    expect(events.at(-1)).toEqual(many.at(-1));
  });

  it('forgets a file that is gone, and follows no link', async () => {
    writeFileSync(file, linesOf(eventsOf(1, 3)));
    await all();
    renameSync(file, join(folder, 'elsewhere'));
    expect(await all()).toMatchObject({ first: 0, events: [] });
    symlinkSync(join(folder, 'elsewhere'), file);
    await expect(tail.next()).rejects.toThrow('ELOOP');
  });
});
