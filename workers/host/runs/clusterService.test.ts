import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LabEvent, LabParams } from '#core/contract/labApi.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { FileGrants } from '../grants/fileGrants.ts';
import { openHostFolder, type HostFolder } from '../testing/hostFolder.ts';
import { refusal } from '../testing/runLab.ts';
import { ClusterService } from './clusterService.ts';

let folder: HostFolder;
let events: LabEvent[];
let grants: FileGrants;
let service: ClusterService;
beforeEach(async () => {
  folder = await openHostFolder();
  await drawImages(folder.at('train'), 8, 1);
  await mkdir(folder.at('out'));
  events = [];
  grants = new FileGrants([]);
  service = new ClusterService(folder.at('cache'), grants, (event) => events.push(event));
});
afterEach(async () => {
  await service.close();
  await folder.remove();
});

function asked(more: Partial<LabParams<'cluster.write'>> = {}): LabParams<'cluster.write'> {
  return {
    ...{
      writeId: 'one',
      project: serializeDocument(tinyDocument()),
      validation: null,
      nodes: 1,
      gpusPerNode: 2,
    },
    ...{ name: 'project', overwrite: false },
    train: grants.grant(folder.at('train')).grant,
    folder: grants.grant(folder.at('out')).grant,
    ...more,
  };
}

describe('a project for a cluster, for the screen', () => {
  it('is written into the folder, with progress, and replaced only on request', async () => {
    const result = await service.write(asked());
    expect(result).toMatchObject({ path: folder.at('out', 'project'), globalBatch: 5, precision: 'f32' });
    expect(await readdir(result.path)).toHaveLength(result.files);
    expect(events.some((event) => event.event === 'clusterProgress' && event.writeId === 'one')).toBe(true);
    expect((await refusal(() => service.write(asked()))).code).toBe('output-exists');
    expect((await service.write(asked({ overwrite: true }))).files).toBe(result.files);
  });

  it('never replaces a folder of others, and takes plain names only', async () => {
    await mkdir(folder.at('out', 'project'));
    await writeFile(folder.at('out', 'project', 'mine.txt'), 'mine');
    expect((await refusal(() => service.write(asked({ overwrite: true })))).code).toBe('output-foreign');
    for (const name of ['../project', '.project', 'a/b'])
      expect((await refusal(() => service.write(asked({ name })))).code, name).not.toBe('internal');
    expect(await readdir(folder.at('out'))).toEqual(['project']);
  });

  it('leaves nothing when it is cancelled', async () => {
    const done = refusal(() => service.write(asked()));
    // The folder under its temporary name is there before the images are read.
    await expect.poll(() => readdir(folder.at('out')), { timeout: 60_000, interval: 5 }).toHaveLength(1);
    service.cancel('one');
    expect((await done).code).toBe('interrupted');
    expect(await readdir(folder.at('out'))).toEqual([]);
  });
});
