import { rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageFilter, ImageView } from '#core/contract/imageRows.ts';
import { told } from '#core/words/testing.ts';
import {
  imageFolder,
  picture as image,
  temporaryFolder,
  writeFiles,
} from '../../data/testing/imageFolder.ts';
import { DataService } from './dataService.ts';
import { FileGrants } from '../grants/fileGrants.ts';

const VIEW: ImageView = {
  edits: { excluded: [], relabelled: {} },
  crossValidation: null,
  validationFraction: 0.25,
  groups: null,
  seed: 1,
};

async function open(classes = ['a', 'b'], count = 8) {
  const root = await imageFolder(classes, count);
  const grants = new FileGrants([root]);
  const service = new DataService(grants, () => undefined, join(temporaryFolder(), 'cache'));
  const folder = grants.grant(root).grant;
  const page = (filter: ImageFilter = {}, view: Partial<ImageView> = {}, from = 0, size = 500) =>
    service.images({ folder, view: { ...VIEW, ...view }, filter, from, count: size });
  return { root, service, folder, page };
}

describe('a scan for the Data panel', () => {
  it('lists kinds that are not read and warns of images in which there is nothing to see', async () => {
    const root = temporaryFolder();
    const black = (side: number): Promise<Buffer> =>
      sharp({ create: { width: side, height: side, channels: 3, background: '#000' } })
        .png()
        .toBuffer();
    for (let side = 8; side < 18; side += 1)
      writeFiles(root, { [`a/${side}.png`]: await black(side), [`b/${side}.png`]: await black(side + 10) });
    writeFiles(root, { 'b/scan.dcm': Buffer.alloc(200, 1), 'b/8.png~': await black(8) });
    const grants = new FileGrants([root]);
    const service = new DataService(grants, () => undefined, join(temporaryFolder(), 'cache'));
    const { folder, summary } = await service.scan(grants.grant(root).grant, 'scan');
    expect(told(summary.warnings)).toContain(
      'All pixels of the 20 images looked at are black, or nearly: there is nothing to learn from. Check how the images were made.',
    );
    const skipped = await service.images({
      folder: folder.grant,
      view: VIEW,
      filter: { place: 'skipped' },
      from: 0,
      count: 10,
    });
    expect(told(skipped.rows).map(({ file, reason }) => `${file}: ${reason ?? ''}`)).toEqual([
      'b/8.png~: a backup or an unfinished copy by its name; rename it to use it',
      'b/scan.dcm: DICOM is not supported; convert it to JPEG or PNG',
    ]);
  });
});

describe('the images of a folder', () => {
  it('come page by page, each with its class and its side', async () => {
    const { page } = await open();
    const all = await page();
    expect(all.total).toBe(16);
    expect(all.rows.map(({ file }) => file)).toEqual([
      ...Array.from({ length: 8 }, (_, at) => `a/${at}.png`),
      ...Array.from({ length: 8 }, (_, at) => `b/${at}.png`),
    ]);
    expect(all.rows[3]).toMatchObject({ className: 'a', givenClass: null, index: 3, width: 12, height: 8 });
    expect((await page({}, {}, 14, 10)).rows).toEqual(all.rows.slice(14));
    const sides = all.rows.map(({ place }) => place);
    expect(sides.filter((place) => place === 'validation')).toHaveLength(4);
    const validated = await page({ place: 'validation' });
    expect(validated.rows.map(({ file }) => file)).toEqual(
      all.rows.filter(({ place }) => place === 'validation').map(({ file }) => file),
    );
    expect((await page({ place: 'validation' }, { validationFraction: null })).total).toBe(0);
    expect((await page({ place: 'validation' }, { crossValidation: { folds: 2, fold: 1 } })).total).toBe(8);
  });

  it('follow the edits of the project', async () => {
    const { page } = await open();
    const edits = { excluded: ['a/1.png'], relabelled: { 'a/2.png': 'b' } };
    const { rows } = await page({}, { edits });
    expect(rows[1]).toMatchObject({ place: 'excluded', className: 'a' });
    expect(rows[2]).toMatchObject({ className: 'b', givenClass: 'a' });
    expect((await page({ className: 'b' }, { edits })).total).toBe(9);
    expect((await page({ place: 'excluded' }, { edits })).rows.map(({ file }) => file)).toEqual(['a/1.png']);
  });

  it('are counted class by class as a run would train on them', async () => {
    const { service, folder, page } = await open(['a', 'b', 'c']);
    const counts = (view: Partial<ImageView>) => service.trainingClasses(folder, { ...VIEW, ...view });
    expect(await counts({ validationFraction: null })).toEqual([
      { name: 'a', count: 8 },
      { name: 'b', count: 8 },
      { name: 'c', count: 8 },
    ]);
    const files = Array.from({ length: 8 }, (_, at) => `c/${at}.png`);
    const relabelled = { ...Object.fromEntries(files.map((file) => [file, 'new'])), 'b/2.png': 'a' };
    const edits = { excluded: ['a/1.png', 'a/3.png', 'b/7.png'], relabelled };
    for (const view of [{ edits }, { edits, validationFraction: null, seed: 3 }]) {
      const told = await counts(view);
      expect(told.map(({ name }) => name)).toEqual(['a', 'b', 'new']);
      for (const { name, count } of told)
        expect(count, name).toBe((await page({ className: name, place: 'train' }, view)).total);
    }
    expect((await counts({ edits, validationFraction: null })).map(({ count }) => count)).toEqual([7, 6, 8]);
  });

  it('can be filtered by name, size and what was skipped', async () => {
    const { root, folder, service, page } = await open();
    writeFiles(root, {
      'a/large.png': await image(50, { width: 60, height: 50 }),
      'b/broken.png': 'no picture',
    });
    await service.scan(folder, 'again');
    expect((await page({ text: 'LARGE' })).rows.map(({ file }) => file)).toEqual(['a/large.png']);
    expect((await page({ maxSide: 20 })).total).toBe(16);
    const skipped = await page({ place: 'skipped' });
    expect(skipped.rows).toMatchObject([{ file: 'b/broken.png', index: null, className: '' }]);
    expect(told(skipped.rows[0]?.reason)).toMatch(/./);
    expect((await page()).total).toBe(18);
  });

  it('are drawn on request, and nothing outside the folder is', async () => {
    const { root, folder, service } = await open(['a', 'b'], 1);
    const drawn = await service.drawFiles(
      folder,
      ['b/0.png', '../secret.png', join(root, 'a/0.png'), 'none.png'],
      32,
    );
    expect(drawn.map(({ file }) => file)).toEqual(['b/0.png']);
    expect(drawn[0]?.dataUrl).toMatch(/^data:image\/png;base64,/);
  });
});

describe('a folder that is scanned again', () => {
  it('tells what was added, changed and removed', async () => {
    const { root, folder, service } = await open();
    expect((await service.scan(folder, '1')).changes).toBeNull();
    expect((await service.scan(folder, '2')).changes).toBeNull();
    writeFiles(root, {
      'a/new.png': await image(900),
      'a/0.png': await image(901),
      'b/3.png': 'broken now',
    });
    rmSync(join(root, 'b', '7.png'));
    expect((await service.scan(folder, '3')).changes).toEqual({
      added: { count: 1, examples: ['a/new.png'] },
      changed: { count: 1, examples: ['a/0.png'] },
      removed: { count: 2, examples: ['b/3.png', 'b/7.png'] },
    });
  });
});

describe('a folder that could be understood in several ways', () => {
  it('is taken apart by its parts, which are granted with it', async () => {
    const { service, folder, root } = await open(
      ['training_set/a', 'training_set/b', 'test_set/a', 'test_set/b'],
      1,
    );
    writeFiles(root, { 'runs/note.txt': 'x' });
    expect(service.parts(folder)).toMatchObject({
      train: { path: join(root, 'training_set') },
      validation: { path: join(root, 'test_set') },
      found: { train: 'training_set', test: 'test_set', leftOut: [{ name: 'runs', reason: 'other' }] },
    });
    await expect(service.scan(folder, 's')).rejects.toMatchObject({ code: 'folder-in-parts' });
    const reading = { columns: { fileColumn: null, labelColumn: null }, subfolders: 'classes' as const };
    const { summary } = await service.scan(folder, 's', reading);
    expect(summary.classes.map(({ name }) => name)).toEqual(['test_set', 'training_set']);
  });

  it('shows the beginning of its table, and is scanned by the columns that were chosen', async () => {
    const { service, folder, root } = await open([], 0);
    for (const at of [0, 1, 2, 3]) writeFiles(root, { [`${at}.png`]: await image(at) });
    const rows = [0, 1, 2, 3].map((at) => `${at}.png,640,${at % 2 ? 'cat' : 'dog'}`);
    writeFiles(root, {
      'sample_submission.csv': 'id,label\n0,0\n',
      'train.csv': `photo,width,species\n${rows.join('\n')}`,
    });
    expect(service.tableHeader(folder)).toEqual({
      name: 'train.csv',
      header: ['photo', 'width', 'species'],
      example: ['0.png', '640', 'dog'],
    });
    await expect(service.scan(folder, 's')).rejects.toMatchObject({ code: 'labels-column' });
    const columns = { fileColumn: null, labelColumn: 'species' };
    const { summary } = await service.scan(folder, 's', { columns, subfolders: 'auto' });
    expect(summary.classes).toEqual([
      { name: 'cat', count: 2 },
      { name: 'dog', count: 2 },
    ]);
    expect(await service.thumbnails(folder, 'cat', 1, 32)).toHaveLength(1);
  });

  it('has no table where there is none, or where it is no text', async () => {
    const { service, folder, root } = await open();
    expect(service.tableHeader(folder)).toBeNull();
    writeFiles(root, { 'labels.csv': '"open' });
    expect(service.tableHeader(folder)).toBeNull();
  });
});
