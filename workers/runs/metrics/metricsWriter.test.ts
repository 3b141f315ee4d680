import { readFile, truncate, unlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { metricLine, parseMetricLine } from './metricLines.ts';
import { NO_METRICS, openMetricsWriter, readMetrics } from './metricsWriter.ts';
import { claimRunFolder } from '../folder/runFolder.ts';
import { openPlayground, withSystem, type Playground } from '../testing/imageFolder.ts';

const context = { epoch: 0.5, loss: 0.25, accuracy: 0.75, lr: 0.1 };
function stepEvent(step: number): MetricEvent {
  return { kind: 'step', step, ...context, imagesPerSecond: 100, elapsedMs: step * 10 };
}
const statistics: MetricEvent = {
  kind: 'statistics',
  step: 2,
  layers: [{ node: 'bn1', drift: 0.5, warmup: 0.9 }],
};

let playground: Playground;
let file = '';
beforeEach(async () => {
  playground = await openPlayground();
  file = (await claimRunFolder(playground.at('run'), false)).files.metrics;
});
afterEach(() => playground.remove());

describe('metrics.jsonl', () => {
  it('has step, epoch, loss, accuracy and learning rate in every line, and reads back as written', async () => {
    const writer = await openMetricsWriter(file, NO_METRICS);
    const events = [stepEvent(1), statistics, stepEvent(2)];
    events.forEach((event) => writer.write(event, context));
    await writer.flush(true);
    await writer.close();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject(context);
    }
    expect(await readMetrics(playground.at('run'))).toEqual(events);
  });

  it('drops what came after the mark of the checkpoint', async () => {
    const writer = await openMetricsWriter(file, NO_METRICS);
    writer.write(stepEvent(1), context);
    const mark = await writer.flush(true);
    writer.write(stepEvent(2), context);
    await writer.flush(false);
    await writer.close();
    const again = await openMetricsWriter(file, mark);
    expect(again.next).toBe(1);
    again.write(stepEvent(3), context);
    expect(await again.flush(true)).toMatchObject({ events: 2 });
    await again.close();
    expect((await readMetrics(playground.at('run'))).map(({ step }) => step)).toEqual([1, 3]);
  });

  it('keeps lines that come while a flush is under way', async () => {
    const writer = await openMetricsWriter(file, NO_METRICS);
    writer.write(stepEvent(1), context);
    const flushing = writer.flush(true);
    writer.write(stepEvent(2), context);
    expect((await flushing).events).toBe(1);
    expect((await writer.flush(true)).events).toBe(2);
    await writer.close();
    expect((await readMetrics(playground.at('run'))).map(({ step }) => step)).toEqual([1, 2]);
  });

  it('goes on where a user shortened or removed the file', async () => {
    const writer = await openMetricsWriter(file, NO_METRICS);
    [1, 2, 3].forEach((step) => writer.write(stepEvent(step), context));
    const mark = await writer.flush(true);
    await writer.close();
    await truncate(file, 10);
    await (await openMetricsWriter(file, mark)).close();
    expect((await readFile(file)).length).toBe(10);
    await unlink(file);
    await (await openMetricsWriter(file, mark)).close();
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('says that the disk is full, and loses no line that can still be written', async (context_) => {
    const folder = playground.at('run');
    const mounted = await withSystem(
      ['mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder],
      ['umount', folder],
      async () => {
        const writer = await openMetricsWriter(file, NO_METRICS);
        Array.from({ length: 500 }, (_, step) => writer.write(stepEvent(step), context));
        await expect(writer.flush(true)).rejects.toMatchObject({ code: 'disk-full', where: file });
        await writer.close();
      },
    );
    if (!mounted) context_.skip('needs the right to mount a tmpfs');
  });
});

describe('parseMetricLine', () => {
  it('passes over lines that are cut off or not ours', () => {
    const line = metricLine(stepEvent(1), context);
    expect(parseMetricLine(line)).toEqual(stepEvent(1));
    expect(parseMetricLine(line.slice(0, 20))).toBeNull();
    expect(parseMetricLine('[]')).toBeNull();
    expect(parseMetricLine('')).toBeNull();
  });
});
