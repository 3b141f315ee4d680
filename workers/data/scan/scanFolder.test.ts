import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataSummarySchema } from '#core/contract/dataSummary.ts';
import { told } from '#core/words/testing.ts';
import { IMAGE_LIMITS } from '../format/limits.ts';
import { listImages } from '../images/listImages.ts';
import { createPace } from '../../threads/pace.ts';
import { scanFolder } from './scanFolder.ts';
import { summarize } from './summary.ts';
import { imageFolder, picture, temporaryFolder, writeFiles } from '../testing/imageFolder.ts';
import { tiffFile } from '../testing/tiffFile.ts';

const isRoot = process.getuid?.() === 0;

describe('scanning a folder', () => {
  it('takes subfolders as classes in code point order, nested folders included', async () => {
    const folder = temporaryFolder();
    const names = ['b', 'B', 'ä', 'a', '10', '9', '中文', '😀', '\uffee'];
    for (const [seed, name] of names.entries()) {
      writeFiles(folder, { [`${name}/deep/er/${seed}.png`]: await picture(seed) });
    }
    const scan = await scanFolder(folder);
    expect(scan.classes.map((entry) => entry.name)).toEqual([
      '10',
      '9',
      'B',
      'a',
      'b',
      'ä',
      '中文',
      '\uffee',
      '😀',
    ]);
    expect(scan.images.at(0)).toMatchObject({
      file: '10/deep/er/4.png',
      classIndex: 0,
      width: 12,
      height: 8,
    });
    expect(scan.input).toMatchObject({ channels: 3, height: { value: 8 }, width: { value: 12 } });
  });

  it('goes by the first bytes, whatever the extension', async () => {
    const folder = temporaryFolder();
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
      writeFiles(folder, {
        [`a/${format}.jpg`]: await picture(1, { format }),
        [`b/${format}`]: await picture(2, { format }),
      });
    }
    const scan = await scanFolder(folder);
    expect(told(scan.skipped)).toEqual([]);
    expect([...scan.images].map((image) => image.format)).toEqual([
      'avif',
      'gif',
      'jpeg',
      'png',
      'tiff',
      'webp',
      'avif',
      'gif',
      'jpeg',
      'png',
      'tiff',
      'webp',
    ]);
    expect(new Set([...scan.images].map((image) => `${image.width}x${image.height}`))).toEqual(
      new Set(['12x8']),
    );
  });

  it('lists damaged images with a reason, and passes over what is no picture', async () => {
    const folder = await imageFolder(['a', 'b'], 2);
    const jpeg = await picture(9, { width: 64, height: 64, format: 'jpeg' });
    const png = await picture(9, { width: 64, height: 64 });
    const flipped = Buffer.from(png);
    flipped[60] = (flipped[60] ?? 0) ^ 0xff;
    writeFiles(folder, {
      'a/cut.jpg': jpeg.subarray(0, jpeg.length - 40),
      'a/cut.png': png.subarray(0, png.length - 30),
      'a/empty.png': '',
      'a/flipped.png': flipped,
      'a/heic.heic': Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
      'a/page.jpg': '<!DOCTYPE html><p>404</p>',
      'a/raw.dng': Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]),
      'a/text.png': 'hello',
      'a/notes.txt': 'no picture',
      'a/.hidden.png': png,
      'a/Thumbs.db': 'x',
      '__MACOSX/a/1.png': png,
    });
    const scan = await scanFolder(folder);
    expect(scan.images.length).toBe(4);
    expect(Object.fromEntries(told(scan.skipped).map(({ file, reason }) => [file, reason]))).toEqual({
      'a/cut.jpg': 'the JPEG is cut off: its end is missing',
      'a/cut.png': 'the PNG is cut off: its end is missing',
      'a/empty.png': 'the file is empty',
      'a/flipped.png': expect.stringMatching(/^the PNG is damaged: the checksum/) as string,
      'a/heic.heic': 'HEIC is not supported; convert it to JPEG or PNG',
      'a/page.jpg': 'it holds a web page, not an image (a failed download?)',
      'a/raw.dng': 'camera raw files are not supported; convert it to JPEG or PNG',
      'a/text.png': 'it holds text, not an image',
    });
    expect(dataSummarySchema.parse(summarize(scan))).toMatchObject({
      images: 4,
      classes: [{ count: 2 }, { count: 2 }],
    });
  });

  it('finds the end of a large JPEG even under megabytes of appended film', async () => {
    const folder = temporaryFolder();
    const jpeg = await picture(1, { width: 64, height: 64, format: 'jpeg' });
    const film = Buffer.alloc(IMAGE_LIMITS.wholeReadBytes + 5, 0x55);
    writeFiles(folder, {
      'a/motion.jpg': Buffer.concat([jpeg, film]),
      'b/torn.jpg': Buffer.concat([jpeg.subarray(0, -2), film]),
    });
    const scan = await scanFolder(folder);
    expect([...scan.images].map((image) => image.file)).toEqual(['a/motion.jpg']);
    expect(told(scan.skipped)).toEqual([
      { file: 'b/torn.jpg', reason: 'the JPEG is cut off: its end is missing' },
    ]);
  });

  it('judges size by the header', async () => {
    const folder = await imageFolder(['a', 'b'], 1);
    const png = await picture(1);
    png.writeUInt32BE(20_000, 16);
    png.writeUInt32BE(20_000, 20);
    writeFiles(folder, { 'a/bomb.png': png });
    const [skipped] = told((await scanFolder(folder)).skipped);
    expect(skipped?.reason).toBe(
      'its header says 20000 x 20000 = 400 megapixels, more than the limit of 100',
    );
  });

  it.skipIf(isRoot)('skips what it may not read', async () => {
    const folder = await imageFolder(['a', 'b'], 2);
    chmodSync(join(folder, 'a/1.png'), 0);
    const scan = await scanFolder(folder);
    expect(told(scan.skipped)).toEqual([{ file: 'a/1.png', reason: 'no permission to read it' }]);
  });

  it('neither waits for a pipe nor walks in circles', async () => {
    const folder = await imageFolder(['a', 'b'], 2);
    const outside = await imageFolder(['x'], 3);
    execFileSync('mkfifo', [join(folder, 'a/pipe.png')]);
    symlinkSync('.', join(folder, 'a/loop'));
    symlinkSync('..', join(folder, 'a/up'));
    symlinkSync('0.png', join(folder, 'a/copy.png'));
    symlinkSync('gone.png', join(folder, 'a/dangling.png'));
    symlinkSync('self.png', join(folder, 'a/self.png'));
    symlinkSync(join(outside, 'x'), join(folder, 'c'));
    symlinkSync(join(outside, 'x'), join(folder, 'd'));
    symlinkSync(join(outside, 'x/0.png'), join(folder, 'b/other.png'));
    const scan = await scanFolder(folder);
    expect(scan.classes).toEqual([
      { name: 'a', count: 2 },
      { name: 'b', count: 3 },
      { name: 'c', count: 3 },
    ]);
    expect(scan.skipped.map((entry) => entry.file).sort()).toEqual([
      'a/copy.png',
      'a/dangling.png',
      'a/loop',
      'a/pipe.png',
      'a/self.png',
      'a/up',
      'd',
    ]);
  });

  it('stops when it is cancelled', async () => {
    const folder = await imageFolder(['a', 'b'], 2);
    await expect(scanFolder(folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('reports progress up to the number of files', async () => {
    const folder = await imageFolder(['a', 'b'], 3);
    const seen: (number | null)[] = [];
    await scanFolder(folder, { onProgress: (done, total) => seen.push(done, total) });
    expect(seen.slice(-2)).toEqual([6, 6]);
  });
});

describe('kinds of files that lie among the pictures', () => {
  it('are read, listed as skipped with the kind, or passed over, whatever the folder', async () => {
    const folder = await imageFolder(['a', 'b'], 1);
    const pgm = Buffer.from('P5 2 1 255\n\x10\x80', 'latin1');
    writeFiles(folder, {
      'a/1.pgm': pgm,
      'b/2.jxl': Buffer.from([0xff, 0x0a, 1, 2, 3]),
      'b/3.npy': Buffer.from('\x93NUMPY\x01\0', 'latin1'),
      'b/4.dcm': Buffer.alloc(200, 1),
      'b/5.png.bak': await picture(9),
      'b/@eaDir/x/6.png': await picture(10),
      'b/.thumbnails/7.png': await picture(11),
      'b/boxes.xml': '<?xml version="1.0"?>',
    });
    const scan = await scanFolder(folder);
    expect([...scan.images].map(({ file, format }) => `${file} ${format}`)).toEqual([
      'a/0.png png',
      'a/1.pgm pnm',
      'b/0.png png',
    ]);
    expect(told(scan.skipped)).toEqual([
      { file: 'b/2.jxl', reason: 'JPEG XL is not supported; convert it to JPEG or PNG' },
      { file: 'b/3.npy', reason: 'NumPy (NPY) is not supported; convert it to JPEG or PNG' },
      { file: 'b/4.dcm', reason: 'DICOM is not supported; convert it to JPEG or PNG' },
      { file: 'b/5.png.bak', reason: 'a backup or an unfinished copy by its name; rename it to use it' },
    ]);
    const listed = await listImages(folder, createPace());
    expect(listed.filter(({ problem }) => problem === null).map(({ file }) => file)).toEqual(
      [...scan.images].map(({ file }) => file),
    );
    expect(listed.filter(({ problem }) => problem !== null)).toEqual(
      scan.skipped.map(({ file, reason }) => ({ file, problem: reason })),
    );
  });

  it('tell of bands that are not used', async () => {
    const folder = await imageFolder(['a', 'b'], 10);
    const values = Uint8Array.from({ length: 4 * 4 * 4 }, (_, at) => at);
    writeFiles(folder, {
      'a/nir.tif': tiffFile({ width: 4, height: 4, samples: 4, values, photometric: 2, extraSamples: [0] }),
    });
    const { warnings } = await scanFolder(folder);
    expect(told(warnings)).toEqual([
      '1 TIFF image has bands beside grey or colour (a/nir.tif); those bands are not used.',
    ]);
  });
});

describe('the warnings of a scan', () => {
  const warningsOf = async (folder: string): Promise<string> =>
    told((await scanFolder(folder)).warnings).join('\n');

  it('name the folders to choose when train and test stand side by side', async () => {
    const folder = await imageFolder(['train', 'test', 'bus'], 1);
    expect(await warningsOf(folder)).toContain(
      `choose “${folder}/train” for training and “${folder}/test” for validation`,
    );
  });

  it('tell one class, and the folder meant when the classes lie one deeper', async () => {
    expect(await warningsOf(await imageFolder(['only'], 12))).toContain('only one class, “only”');
    const deep = await imageFolder(['set/a', 'set/b'], 5);
    expect(await warningsOf(deep)).toContain(`choose “${deep}/set”`);
  });

  it('tell empty folders, stray images, small and unequal classes', async () => {
    const folder = await imageFolder(['a'], 20);
    writeFiles(folder, { 'b/x.png': await picture(777), 'stray.png': await picture(778) });
    mkdirSync(join(folder, 'empty/inner'), { recursive: true });
    const scan = await scanFolder(folder);
    expect(scan.classes.map((entry) => entry.name)).toEqual(['a', 'b']);
    expect(told(scan.warnings)).toEqual([
      'Folder without a usable image, not a class: empty.',
      '1 image lies beside the class folders and has no class, so it is left out: stray.png.',
      'Fewer than 10 images in a class: b (1).',
      'The classes are very unequal: a has 20 images, b only 1. Accuracy will mostly depend on the large ones.',
    ]);
  });

  it('tell copies within and across classes', async () => {
    const folder = await imageFolder(['a', 'b'], 10);
    const large = Buffer.concat([
      await picture(1, { format: 'jpeg' }),
      Buffer.alloc(IMAGE_LIMITS.wholeReadBytes),
    ]);
    const almost = Buffer.from(large);
    almost[IMAGE_LIMITS.headBytes + 5] = 1;
    const end = Buffer.from([0xff, 0xd9]);
    writeFiles(folder, {
      'a/x.png': await picture(77),
      'b/x.png': await picture(77),
      'a/y1.jpg': Buffer.concat([large, end]),
      'a/y2.jpg': Buffer.concat([large, end]),
      'a/y3.jpg': Buffer.concat([almost, end]),
    });
    const scan = await scanFolder(folder);
    expect(scan.duplicates.map((group) => group.map((index) => scan.images.at(index)?.file))).toEqual([
      ['a/x.png', 'b/x.png'],
      ['a/y1.jpg', 'a/y2.jpg'],
    ]);
    expect(told(scan.warnings)).toEqual([
      '1 image is in more than one class, byte for byte the same: a/x.png = b/x.png.',
      '1 image is there more than once within a class; copies are kept on the same side of the split.',
    ]);
  });
});

describe('a folder that cannot be used', () => {
  it.each([
    ['nowhere', 'folder-not-found', /There is no folder/],
    ['file.txt', 'folder-not-found', /is a file; choose the folder/],
    [
      'empty',
      'folder-no-images',
      /holds no images; choose a folder that holds one subfolder of images for each class/,
    ],
    ['flat', 'folder-no-images', /lie directly in the folder, so they have no class/],
    ['bare', 'folder-no-images', /lie directly in the folder, so they have no class/],
    [
      'bad',
      'folder-no-images',
      /no usable image: 1 file was left out \(c\/1\.png: it holds text, not an image\)/,
    ],
  ])('is refused in one sentence: %s', async (name, code, sentence) => {
    const base = temporaryFolder();
    writeFiles(base, {
      'file.txt': 'x',
      'flat/1.png': await picture(1),
      'bare/63f3a9': await picture(1, { format: 'jpeg' }),
      'bad/c/1.png': 'text',
    });
    mkdirSync(join(base, 'empty'));
    const refusal = scanFolder(join(base, name));
    await expect(refusal).rejects.toMatchObject({ code });
    await expect(refusal).rejects.toThrow(sentence);
  });
});
