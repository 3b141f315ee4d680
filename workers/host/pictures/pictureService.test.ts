import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabEvent } from '#core/contract/labApi.ts';
import { LAB_API } from '#core/contract/labApi.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { judgeRun } from '../../evaluation/judgeRun.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { openHostFolder, type HostFolder } from '../testing/hostFolder.ts';
import { trainRun } from '../../training/trainRun.ts';
import { refusal, RunLab } from '../testing/runLab.ts';
import { PictureService } from './pictureService.ts';

let folder: HostFolder;
let lab: RunLab;
const runId = 'tiny';
let pictures: PictureService;
let opened: Awaited<ReturnType<PictureService['open']>>;
const events: LabEvent[] = [];
beforeAll(async () => {
  folder = await openHostFolder();
  await drawImages(folder.at('train'), 8, 1);
  await drawImages(folder.at('other'), 12, 2);
  await mkdir(folder.at('out'));
  lab = new RunLab(folder);
  await trainRun({
    ...{ document: tinyDocument({ epochs: 2, precision: 'f32', threads: 1 }), train: folder.at('train') },
    ...{ validation: null, out: join(folder.home.runs, runId), cacheFolder: folder.home.cache },
  });
  pictures = new PictureService(
    (id) => lab.runs.folderOf(id),
    folder.home.cache,
    lab.grants,
    (event) => events.push(event),
  );
  opened = await open('s');
}, 180_000);
afterAll(async () => {
  await Promise.all([pictures.close(), lab.runs.close()]);
  await folder.remove();
});

const grantOf = (...names: string[]): string => lab.grants.grant(folder.at(...names)).grant;
const open = (sessionId: string): ReturnType<PictureService['open']> =>
  pictures.open({ sessionId, runId, checkpoint: undefined });
const bytes = async (...names: string[]): Promise<{ kind: 'bytes'; name: string; base64: string }> => ({
  ...{ kind: 'bytes', name: 'pasted.png' },
  base64: (await readFile(folder.at(...names))).toString('base64'),
});

async function shown(sessionId: string): Promise<string> {
  const picture = { kind: 'file', file: grantOf('other', 'a', '0.png') } as const;
  return (await pictures.show({ sessionId, picture })).pictureId;
}

describe('a session', () => {
  it('opens a run, shows a picture and classifies it', async () => {
    const described = LAB_API['picture.open'].result.parse(opened);
    expect(described).toMatchObject({
      classNames: ['a', 'b', 'c'],
      input: { channels: 1, height: 6, width: 6 },
      hasBatchNorm: true,
      statistics: ['stored', 'moving', 'exact', 'kind', 'random'],
    });
    const picture = { kind: 'file', file: grantOf('other', 'a', '0.png') } as const;
    const { pictureId, ...rest } = await pictures.show({ sessionId: 's', picture });
    expect(rest).toMatchObject({ name: '0.png', width: 6, height: 6, tensor: { shape: [1, 6, 6] } });
    expect(Buffer.from(rest.bytes, 'base64')).toHaveLength(36);
    expect(Buffer.from(rest.tensor.values, 'base64')).toHaveLength(4 * 36);
    for (const statistics of described.statistics) {
      const { answers, companions } = await pictures.classify({
        ...{ sessionId: 's', taskId: statistics, pictureId, statistics, companions: 5, batches: 3 },
      });
      expect(answers).toHaveLength(statistics === 'random' ? 3 : 1);
      expect(companions).toBe(['kind', 'random'].includes(statistics) ? 5 : 0);
      const [first] = answers;
      expect(first?.probabilities.reduce<number>((sum, p) => sum + (p ?? NaN), 0)).toBeCloseTo(1, 6);
    }
    const conv = described.blocks.find(({ block }) => block === 'conv1');
    expect(conv).toMatchObject({ channels: 4, height: 6, width: 6, hasMap: true, filters: [4, 1, 3, 3] });
    const at = { sessionId: 's', pictureId, block: 'conv1' };
    const { map } = await pictures.map({ ...at, method: 'grad-cam', class: 1 });
    expect(map.shape).toEqual([6, 6]);
    const { total, features } = await pictures.features({ ...at, from: 2, count: 9 });
    expect([total, features.shape]).toEqual([4, [2, 6, 6]]);
    const { filters } = await pictures.filters({ sessionId: 's', block: 'conv1', from: 0, count: 64 });
    expect(filters.shape).toEqual([4, 1, 3, 3]);
    const square = { taskId: 'o', pictureId, class: 1, size: 2, stride: 2 };
    const occluded = await pictures.occlude({ sessionId: 's', ...square });
    expect(Buffer.from(occluded.map.values, 'base64')).toHaveLength(
      4 * occluded.map.shape.reduce((product, side) => product * side, 1),
    );
    expect((await refusal(() => pictures.features({ ...at, block: 'no', from: 0, count: 1 }))).code).toBe(
      'arguments',
    );
    const told = events.filter((event) => event.event === 'pictureProgress');
    expect(told.some(({ taskId }) => taskId === 'exact')).toBe(true);
    expect(told.some(({ taskId }) => taskId === 'random')).toBe(true);
  });

  it('shows bytes, and images of an evaluation', async () => {
    const file = { kind: 'file', file: grantOf('other', 'b', '2.png') } as const;
    const plain = await pictures.show({ sessionId: 's', picture: file });
    const given = await pictures.show({ sessionId: 's', picture: await bytes('other', 'b', '2.png') });
    expect(given).toEqual({ ...plain, name: 'pasted.png' });
    const { record, files } = await judgeRun({
      ...{ run: lab.runs.folderOf(runId), images: { kind: 'folder', folder: folder.at('other') } },
      ...{ topK: [1], keep: 'run', cacheFolder: folder.home.cache },
    });
    const image = files.indexOf('b/2.png');
    const key = { runId, id: record.id };
    expect(await pictures.show({ sessionId: 's', picture: { kind: 'evaluated', key, image } })).toEqual(
      plain,
    );
    const beyond = { kind: 'evaluated', key, image: files.length } as const;
    expect((await refusal(() => pictures.show({ sessionId: 's', picture: beyond }))).code).toBe('arguments');
    await writeFile(folder.at('other', 'b', '2.png'), await readFile(folder.at('other', 'a', '0.png')));
    const changed = await refusal(() =>
      pictures.show({ sessionId: 's', picture: { kind: 'evaluated', key, image } }),
    );
    expect(changed.code).toBe('image-unreadable');
  });

  it('answers a cancel at once, and goes on', async () => {
    const pictureId = await shown('s');
    const asked = { sessionId: 's', pictureId, companions: 20, batches: 100 };
    const work = refusal(() => pictures.classify({ ...asked, taskId: 'c', statistics: 'random' }));
    const again = await refusal(() => pictures.classify({ ...asked, taskId: 'c', statistics: 'random' }));
    expect(again.code).toBe('arguments');
    const start = performance.now();
    pictures.cancel('c');
    expect((await work).code).toBe('interrupted');
    expect(performance.now() - start).toBeLessThan(100);
    const { answers } = await pictures.classify({ ...asked, taskId: 'd', statistics: 'stored' });
    expect(answers).toHaveLength(1);
  });

  it('refuses bytes that are no image, a run that cannot be opened, and what is closed', async () => {
    for (const base64 of ['', 'AAAA', '****', Buffer.from('%PDF-1.4 what').toString('base64')]) {
      const picture = { kind: 'bytes', name: 'x.png', base64 } as const;
      const refused = await refusal(() => pictures.show({ sessionId: 's', picture }));
      expect(refused.code).toBe('image-unreadable');
    }
    const missing = await refusal(() =>
      pictures.open({ sessionId: 'm', runId: 'none', checkpoint: undefined }),
    );
    expect(missing.code).toBe('run-not-found');
    pictures.closeSession('s');
    const picture = await bytes('other', 'a', '1.png');
    expect((await refusal(() => pictures.show({ sessionId: 's', picture }))).code).toBe('picture-gone');
  });
});

describe('classifyFolder', () => {
  const asked = (name: string, overwrite = false): Parameters<PictureService['classifyFolder']>[0] => ({
    ...{ taskId: name, runId, checkpoint: undefined, topK: 2, name, overwrite },
    ...{ images: grantOf('other'), folder: grantOf('out') },
  });

  it('writes a line for each image, and reports the others', async () => {
    await writeFile(folder.at('other', 'a', 'zz.png'), 'no image');
    const { file, ...counts } = await pictures.classifyFolder(asked('classes'));
    expect(file.path).toBe(folder.at('out', 'classes.csv'));
    expect(counts).toMatchObject({ classified: 36, failed: 1, failures: [{ key: 'images.unusable' }] });
    expect((await refusal(() => pictures.classifyFolder(asked('classes')))).code).toBe('output-exists');
    expect(events.some((event) => event.event === 'pictureProgress' && event.taskId === 'classes')).toBe(
      true,
    );
  });

  it('leaves other files and links as they are', async () => {
    await writeFile(folder.at('out', 'mine.csv'), 'a,b\r\n1,2\r\n');
    await symlink(folder.at('out', 'mine.csv'), folder.at('out', 'link.csv'));
    for (const name of ['mine', 'link'])
      expect((await refusal(() => pictures.classifyFolder(asked(name, true)))).code).toBe('output-foreign');
    for (const name of ['../mine', '.hidden', 'a/b'])
      expect((await refusal(() => pictures.classifyFolder(asked(name, true)))).code).toBe('arguments');
    expect(await readFile(folder.at('out', 'mine.csv'), 'utf8')).toBe('a,b\r\n1,2\r\n');
  });
});
