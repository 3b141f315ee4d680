import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { told } from '#core/words/testing.ts';
import { scanFolder, type FolderScan } from '../scan/scanFolder.ts';
import { picture as image, temporaryFolder, writeFiles } from '../testing/imageFolder.ts';

async function flatFolder(files: Record<string, string>, count = 6): Promise<string> {
  const folder = temporaryFolder();
  for (let seed = 0; seed < count; seed += 1) writeFiles(folder, { [`${seed}.png`]: await image(seed) });
  writeFiles(
    folder,
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
  );
  return folder;
}

const classesOf = (scan: FolderScan): [string, string[]][] =>
  scan.classes.map(({ name }, index) => [name, scan.images.filesOfClass(index, 100)]);

describe('a flat folder with a table of labels', () => {
  it('takes the classes from the table, and lists what the table and the folder do not share', async () => {
    const folder = await flatFolder({
      'labels.csv':
        'file,label\n0.png,cat\n1.png,dog\n2.png,cat\n3.png,"dog, small"\n9.png,cat\n4.png,cat\n4.png,dog\n',
    });
    const scan = await scanFolder(folder);
    expect(scan.labels).toBe(join(scan.root, 'labels.csv'));
    expect(classesOf(scan)).toEqual([
      ['cat', ['0.png', '2.png']],
      ['dog', ['1.png']],
      ['dog, small', ['3.png']],
    ]);
    expect(told(scan.skipped)).toEqual([
      { file: '9.png', reason: 'named in line 6 of the labels, but not in the folder' },
      { file: '4.png', reason: 'the labels give it more than one class (line 7 and later)' },
      { file: '5.png', reason: 'no line of the labels names it' },
    ]);
  });

  it.each([
    ['other columns and another order', 'id,Class,width,Image\n1,cat,3,0.png\n2,dog,3,1.png\n'],
    ['semicolons, a byte order mark and Windows line ends', '\ufefffile;label\r\n0.png;cat\r\n1.png;dog\r\n'],
    ['tabs', 'file\tlabel\n0.png\tcat\n1.png\tdog\n'],
    ['no header', '0.png,cat\n1.png,dog\n'],
    ['names without extension', 'id,label\n0,cat\n1,dog\n'],
    ['names with ./', 'file,label\n./0.png,cat\n./1.png,dog\n'],
  ])('reads %s', async (_, text) => {
    const scan = await scanFolder(await flatFolder({ 'labels.csv': text }, 2));
    expect(classesOf(scan)).toEqual([
      ['cat', ['0.png']],
      ['dog', ['1.png']],
    ]);
  });

  it('finds images in the one subfolder beside the table', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'images/a.png': await image(1),
      'images/b.png': await image(2),
      'train.csv': Buffer.from('image,label\na.png,x\nimages\\b.png,y\n'),
    });
    expect(classesOf(await scanFolder(folder))).toEqual([
      ['x', ['images/a.png']],
      ['y', ['images/b.png']],
    ]);
  });

  it('leaves nothing outside the folder in, whatever the table says', async () => {
    const folder = await flatFolder(
      { 'labels.csv': 'file,label\n0.png,a\n1.png,b\n../secret.png,a\n/etc/passwd,b\n' },
      2,
    );
    const scan = await scanFolder(folder);
    expect(scan.images.length).toBe(2);
    expect(scan.skipped.map(({ file }) => file)).toEqual(['../secret.png', '/etc/passwd']);
  });

  it('does not use a table beside class folders, and says so', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'cat/a.png': await image(1),
      'dog/b.png': await image(2),
      'labels.csv': Buffer.from('file,label\ncat/a.png,dog\ndog/b.png,cat\n'),
    });
    const scan = await scanFolder(folder);
    expect(scan.labels).toBeNull();
    expect(told(scan.warnings)).toContain('“labels.csv” is not used: the subfolders are the classes.');
    const asked = await scanFolder(folder, { labels: join(folder, 'labels.csv') });
    expect(classesOf(asked)).toEqual([
      ['cat', ['dog/b.png']],
      ['dog', ['cat/a.png']],
    ]);
  });
});

describe('a table that cannot be used', () => {
  it.each([
    ['an empty one', '', /no line with a file and a label/],
    ['one without any label', 'file,label\n0.png,\n1.png,\n', /line 2 has no label, nor has any other/],
    ['one with a single column', 'file\n0.png\n1.png\n', /a single column, “file”/],
    ['one with an open quote', 'file,label\n"0.png,cat\n1.png,dog\n', /cannot be used/],
    ['one that names nothing here', 'file,label\nz.png,cat\n', /No file that “t.csv” names is in/],
    ['binary data', '\u0000\ud800', /cannot be used|No file/],
  ])('is refused when asked for: %s', async (_, text, message) => {
    const folder = await flatFolder({ 't.csv': text }, 2);
    await expect(scanFolder(folder, { labels: join(folder, 't.csv') })).rejects.toThrow(message);
  });

  it('is refused when it is not there', async () => {
    const folder = await flatFolder({}, 2);
    await expect(scanFolder(folder, { labels: join(folder, 'none.csv') })).rejects.toThrow(
      /none\.csv” cannot be read \(ENOENT\); check the path/,
    );
  });

  it('is told when it was found by itself', async () => {
    const folder = await flatFolder({ 'labels.csv': 'file,label\n0.png,\n' }, 2);
    writeFiles(folder, { 'cat/a.png': await image(9) });
    expect(told((await scanFolder(folder)).warnings).join()).toMatch(
      /“labels.csv” cannot be used: line 2 has no label/,
    );
  });
});
