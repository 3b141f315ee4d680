import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import sharp from 'sharp';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
let picture: string;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  const [first = ''] = (await readdir(terminal.at('train', 'a'))).toSorted();
  picture = terminal.at('train', 'a', first);
  await terminal.project('tiny', tinyDocument({ epochs: 2 }));
  const args = ['--data', 'train', '--threads', '1', '--precision', 'f32', '--out', 'run'];
  const ended = await terminal.run('train', 'tiny.normlab.json', ...args);
  expect(ended.status, ended.stderr).toBe(0);
});
afterAll(() => terminal.remove());

/** The parts of the JSON output that are looked at here. */
interface Found {
  readonly block: string | null;
  readonly class: string;
  readonly decided: string;
  readonly probability: number;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly logits: readonly number[];
}

describe('normlab look', () => {
  it('writes a map as an image and as numbers, and never over another file', async () => {
    const args = ['look', 'run', picture, '--out', 'map.png', '--values', 'map.npy', '--json'];
    const ended = await terminal.run(...args);
    expect(ended.status, ended.stderr).toBe(0);
    const found = lastJson(ended) as Found;
    expect(found).toMatchObject({ block: 'drop1', shape: [6, 6] });
    expect(found.class).toBe(found.decided);
    expect(found.probability).toBeGreaterThanOrEqual(1 / 3);
    const bytes = await readFile(terminal.at('map.npy'));
    const stored = new Float32Array(bytes.buffer.slice(bytes.byteOffset + bytes.length - 4 * 36)).subarray(
      0,
      36,
    );
    expect(Array.from(stored)).toEqual(found.values);
    const { format, width, height } = await sharp(terminal.at('map.png')).metadata();
    expect({ format, width, height }).toEqual({ format: 'png', width: 2 * 258 + 8, height: 258 });
    const again = await terminal.run(...args);
    expect(again.status).not.toBe(0);
    expect(again.stderr).toContain('map.png');
    expect((await terminal.run(...args, '--force')).status).toBe(0);
  });

  it('shows outputs, kernels and occlusion', async () => {
    const shown = async (...args: string[]): Promise<Found> => {
      const ended = await terminal.run('look', 'run', picture, '--json', ...args);
      expect(ended.status, ended.stderr).toBe(0);
      return lastJson(ended) as Found;
    };
    const features = await shown('--method', 'features', '--block', 'bn1', '--out', 'features.png');
    expect(features.shape).toEqual([4, 6, 6]);
    expect(features.values.some((value) => value < 0)).toBe(true);
    const kernels = await shown('--method', 'filters', '--out', 'kernels.png');
    expect(kernels).toMatchObject({ block: 'conv1', shape: [4, 1, 3, 3] });
    const covered = await shown(
      '--method',
      'occlusion',
      '--class',
      'b',
      '--size',
      '2',
      '--stride',
      '2',
      '--out',
      'o.png',
    );
    expect(covered).toMatchObject({ block: null, class: 'b', shape: [3, 3] });
    for (const file of ['features.png', 'kernels.png', 'o.png'])
      expect(existsSync(terminal.at(file))).toBe(true);
  });

  it('names the choices for a block or a class that is not there', async () => {
    const block = await terminal.run('look', 'run', picture, '--block', 'conv9');
    expect([block.status, block.stderr]).toEqual([2, expect.stringMatching(/“conv9”.*conv1, bn1, relu1/)]);
    const named = await terminal.run('look', 'run', picture, '--class', 'cat');
    expect([named.status, named.stderr]).toEqual([2, expect.stringMatching(/“cat”.*a, b, c/)]);
  });
});
