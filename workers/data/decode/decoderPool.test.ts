import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { told } from '#core/words/testing.ts';
import { temporaryFolder, writeFiles } from '../testing/imageFolder.ts';
import { ITEM_STATE, type DecodeBatch } from './decodeJob.ts';
import { decodeBatch, type DecodeFailure, type PoolOptions } from './decoderPool.ts';

const workerUrl = new URL('../testing/badDecoder.ts', import.meta.url);

/** Decodes files with the test decoder; returns the failures and the decoded bytes, one per file. */
async function run(
  paths: readonly string[],
  options: Partial<PoolOptions> = {},
): Promise<{ failures: DecodeFailure[]; pixels: Uint8Array }> {
  const batch: DecodeBatch = {
    target: { height: 1, width: 1, channels: 1, resize: 'stretch' },
    pixels: new SharedArrayBuffer(paths.length),
    pixelOffset: 0,
    status: new SharedArrayBuffer(paths.length * 4),
  };
  const items = paths.map((path) => ({ path, sizeBytes: 1, modifiedMs: 1 }));
  const failures = await decodeBatch(batch, items, { decoders: 2, workerUrl, ...options });
  return { failures, pixels: new Uint8Array(batch.pixels) };
}

const good = (count: number): string[] => Array<string>(count).fill('good');

describe('the decoder pool', () => {
  it('decodes all, lists failures by index and reports progress to the end', async () => {
    const seen: number[] = [];
    const paths = [...good(50), 'fail', ...good(49)];
    const { failures, pixels } = await run(paths, { onProgress: (done) => seen.push(done) });
    expect(told(failures)).toEqual([
      expect.objectContaining({ index: 50, reason: 'it is bad', isFinal: true }),
    ]);
    expect(pixels.filter((value) => value === 7)).toHaveLength(99);
    expect(seen.at(-1)).toBe(100);
  });

  it('goes on when a file takes its decoder down', async () => {
    const paths = [...good(5), 'crash', ...good(40), 'crash', ...good(5)];
    const { failures, pixels } = await run(paths);
    expect(told(failures)).toEqual([
      { index: 5, reason: 'the decoder crashed on it', isFinal: false },
      { index: 46, reason: 'the decoder crashed on it', isFinal: false },
    ]);
    expect(pixels.filter((value) => value === 7)).toHaveLength(50);
  });

  it('gives up a file that never ends', async () => {
    const { failures, pixels } = await run([...good(3), 'hang', ...good(30)], { timeoutMs: 2_500 });
    expect(told(failures)).toEqual([{ index: 3, reason: 'decoding it took too long', isFinal: false }]);
    expect(pixels.filter((value) => value === 7)).toHaveLength(33);
  });

  it('fails when decoders die before they begin', async () => {
    await expect(run(['stillborn'])).rejects.toMatchObject({ code: 'worker-died' });
  });

  it('can be cancelled while a decoder hangs', async () => {
    const running = run(['hang'], { signal: AbortSignal.timeout(100) });
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('ends within a file when it is cancelled, not after all those that a decoder was handed', async () => {
    const folder = temporaryFolder();
    const noise = Uint8Array.from({ length: 900 * 900 }, (_, at) => (at * at * 2_654_435_761) >>> 24);
    const bytes = await sharp(noise, { raw: { width: 900, height: 900, channels: 1 } })
      .png()
      .toBuffer();
    const names = Array.from({ length: 16 }, (_, at) => `${at}.png`);
    writeFiles(folder, Object.fromEntries(names.map((name) => [name, bytes])));
    const items = names.map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return { path: join(folder, name), sizeBytes: size, modifiedMs: mtimeMs };
    });
    const target = { height: 300, width: 300, channels: 1, resize: 'stretch' } as const;
    const status = new Int32Array(new SharedArrayBuffer(4 * 16));
    const pixels = new SharedArrayBuffer(16 * 300 * 300);
    const controller = new AbortController();
    const batch = { target, pixels, pixelOffset: 0, status: status.buffer };
    const running = decodeBatch(batch, items, { decoders: 1, signal: controller.signal });
    const decoded = (): number => status.filter((state) => state === ITEM_STATE.decoded).length;
    while (decoded() === 0) await delay(1);
    controller.abort();
    const before = decoded();
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
    expect(before).toBeLessThan(16);
    expect(decoded() - before).toBeLessThanOrEqual(2);
  });
});
