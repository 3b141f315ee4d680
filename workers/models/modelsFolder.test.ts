import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownModelFile } from '#core/import/testing/ownModel.ts';
import { addModel } from './addModel.ts';
import { findModel, licenceTextOf, listModels, type ModelFolders, type StoredModel } from './modelsFolder.ts';
import { removeModel } from './removeModel.ts';
import { resolveModel } from './resolveModel.ts';

let root = '';
let folders: ModelFolders;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'normlab-models-'));
  folders = { own: path.join(root, 'own'), shipped: path.join(root, 'shipped') };
  writeFileSync(path.join(root, 'net.safetensors'), ownModelFile());
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Adds the file to one of the folders. */
function add(
  where: 'own' | 'shipped',
  name: string,
  more: { licenceText?: string } = {},
): Promise<StoredModel> {
  return addModel({
    ...{ file: path.join(root, 'net.safetensors'), name, source: where, licence: null },
    ...{ modelsFolder: path.join(root, where), weightsFolder: root },
    ...more,
  });
}

const names = (): string[] => listModels(folders).map(({ record }) => record.name);

describe('models of the two folders', () => {
  it('are listed together by name, each with its origin', async () => {
    await add('shipped', 'b');
    await add('own', 'c');
    await add('own', 'a');
    expect(listModels(folders).map(({ record, isShipped }) => [record.name, isShipped])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ]);
  });

  it('a model of the user hides a shipped one of the same name, and shows it again when it is removed', async () => {
    await add('shipped', 'net');
    await add('own', 'NET');
    expect(names()).toEqual(['NET']);
    const mine = findModel(folders, 'net');
    expect(mine?.record.source).toBe('own');
    expect(resolveModel('net', folders)).toBe(path.join(root, 'own', 'NET', 'net.safetensors'));
    if (mine !== null) await removeModel(mine);
    expect(findModel(folders, 'net')).toMatchObject({ isShipped: true, record: { source: 'shipped' } });
  });

  it('a shipped model cannot be removed', async () => {
    await add('shipped', 'net');
    const found = findModel(folders, 'net');
    if (found === null) throw new Error('not found');
    await expect(removeModel(found)).rejects.toMatchObject({
      code: 'arguments',
      said: { key: 'importing.shippedStays' },
    });
    expect(names()).toEqual(['net']);
  });

  it('there need be no folder, and what is broken or hidden in one is left out', async () => {
    expect(listModels({ own: path.join(root, 'nowhere'), shipped: null })).toEqual([]);
    await add('own', 'net');
    mkdirSync(path.join(root, 'own', '.half'));
    mkdirSync(path.join(root, 'own', 'broken'));
    writeFileSync(path.join(root, 'own', 'broken', 'model.json'), '{}');
    expect(names()).toEqual(['net']);
  });
});

describe('the text of a licence', () => {
  it('is stored beside the model', async () => {
    expect(licenceTextOf(await add('own', 'free', { licenceText: 'Do as you like.' }))).toBe(
      'Do as you like.',
    );
    expect(licenceTextOf(await add('own', 'plain'))).toBeNull();
    expect(readdirSync(path.join(root, 'own', 'plain')).sort()).toEqual(['model.json', 'net.safetensors']);
  });

  it('is never read from outside the folder of the model', async () => {
    const stored = await add('own', 'net', { licenceText: 'inside' });
    writeFileSync(path.join(root, 'secret'), 'outside');
    const record = { ...stored.record, licenceFile: '../../secret' };
    expect(licenceTextOf({ ...stored, record })).toBeNull();
  });
});
