import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { metricsCsv } from '#core/curves/metricsCsv.ts';
import { crc32c } from '#core/export/crc32.ts';
import { runFolderAt, writeManifest } from '../../runs/folder/runFolder.ts';
import { metricLine } from '../../runs/metrics/metricLines.ts';
import { openPlayground, type Playground } from '../../runs/testing/imageFolder.ts';
import { exportCurves, type CurveReport } from './exportCurves.ts';

const manifest: RunManifest = {
  ...{ format: 'normlab-run', version: 1, name: 'a run', createdAt: '2026-01-01T00:00:00.000Z' },
  ...{ normlabVersion: '0.1.0', project: '{}', classNames: ['a', 'b'] },
  preprocessing: { height: 2, width: 2, channels: 1, resize: 'fit', mean: [1], deviation: [1] },
  data: {
    ...{ trainFolder: 't', validationFolder: null, validationFraction: 0.1 },
    ...{ trainImages: 9, validationImages: 1, fingerprint: 'f' },
  },
  compute: { backend: 'reference', backendDescription: 'r', precision: 'f64', threads: 1 },
};
const EVENTS: readonly MetricEvent[] = Array.from({ length: 9000 }, (_, step): MetricEvent => {
  const figures = { step, epoch: 0.5, loss: 1 / (step + 1), accuracy: 0.75, lr: 0.1 };
  return { kind: 'step', ...figures, imagesPerSecond: 100, elapsedMs: step * 10 };
});

let playground: Playground;
let run = '';
beforeEach(async () => {
  playground = await openPlayground();
  run = playground.at('runs/one');
  await mkdir(run, { recursive: true });
  await writeManifest(runFolderAt(run), manifest);
  const context = { epoch: 0, loss: 0, accuracy: 0, lr: 0 };
  const lines = EVENTS.map((event) => metricLine(event, context));
  await writeFile(path.join(run, 'metrics.jsonl'), lines.join(''));
});
afterEach(() => playground.remove());

function written(format: 'csv' | 'tensorboard', target: string, overwrite = false): Promise<CurveReport> {
  return exportCurves({ run, format, path: target, overwrite }, () => undefined).done;
}

/** The data of each record of a TFRecord file, with both checksums verified bit by bit. */
function recordsOf(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  const unmasked = (at: number): number => {
    const rotated = (bytes.readUInt32LE(at) - 0xa282_ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(unmasked(at + 8)).toBe(crc32c(bytes.subarray(at, at + 8)));
    expect(unmasked(at + 12 + length)).toBe(crc32c(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

describe('the figures of a run', () => {
  it('are a CSV file of every step', async () => {
    const target = playground.at('curves.csv');
    const report = await written('csv', target);
    const text = await readFile(target, 'utf8');
    expect(text).toBe(metricsCsv('one', EVENTS));
    expect(report).toEqual({ path: target, sizeBytes: text.length, events: EVENTS.length });
    expect(text.split('\r\n')).toHaveLength(EVENTS.length + 2);
  });

  it('are an event file in a folder for TensorBoard, which is replaced with consent', async () => {
    const target = playground.at('board');
    await written('tensorboard', target);
    const [name = ''] = await readdir(target);
    expect(name).toBe(`events.out.tfevents.${String(Date.parse(manifest.createdAt) / 1000)}.normlab`);
    expect(recordsOf(await readFile(path.join(target, name)))).toHaveLength(EVENTS.length + 1);
    await expect(written('tensorboard', target)).rejects.toMatchObject({ code: 'output-exists' });
    await expect(written('tensorboard', target, true)).resolves.toMatchObject({ events: EVENTS.length });
    await writeFile(path.join(target, 'notes.txt'), 'mine');
    await expect(written('tensorboard', target, true)).rejects.toThrow(/notes\.txt/);
    await expect(written('tensorboard', target, true)).rejects.toMatchObject({ code: 'output-foreign' });
  });

  it('never replace a file of the run', async () => {
    const refused = { code: 'output-not-writable' };
    await expect(written('csv', path.join(run, 'metrics.jsonl'), true)).rejects.toMatchObject(refused);
    await expect(written('tensorboard', run, true)).rejects.toMatchObject({ code: 'output-foreign' });
  });

  it('of a run without steps, and of no run, are refused', async () => {
    await writeFile(path.join(run, 'metrics.jsonl'), '');
    const target = playground.at('none.csv');
    await expect(written('csv', target)).rejects.toMatchObject({ code: 'run-has-no-weights', where: run });
    run = playground.at('nothing');
    await expect(written('csv', target)).rejects.toMatchObject({ code: 'run-not-found' });
  });

  it.each(['csv', 'tensorboard'] as const)('are not written where %s is cancelled', async (format) => {
    const target = playground.at('cancelled');
    const handle = exportCurves({ run, format, path: target, overwrite: false }, () => undefined);
    handle.cancel();
    await expect(handle.done).rejects.toMatchObject({ code: 'interrupted' });
    expect((await readdir(playground.root)).sort()).toEqual(['runs', 'train', 'validation']);
  });
});
