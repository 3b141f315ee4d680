import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TableColumns } from '#core/document/dataSettings.ts';
import { told } from '#core/words/testing.ts';
import { scanFolder, type FolderScan } from '../scan/scanFolder.ts';
import { picture as image, temporaryFolder, writeFiles } from '../testing/imageFolder.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder of `names` beside `files`. */
async function folderOf(names: readonly string[], files: Files): Promise<string> {
  const folder = temporaryFolder();
  for (const [seed, name] of names.entries()) writeFiles(folder, { [name]: await image(seed) });
  writeFiles(folder, files);
  return folder;
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `${at}.png`);
const countsOf = ({ classes }: FolderScan): Record<string, number> =>
  Object.fromEntries(classes.map(({ name, count }) => [name, count]));
const rows = (count: number, row: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => `${row(at)}\n`).join('');
const AUTO: TableColumns = { fileColumn: null, labelColumn: null };

describe('columns of a table', () => {
  it.each([
    [
      'a plural header',
      'filename,width,height,labels\n',
      (n: number) => `${n}.png,640,480,${n % 2 ? 'cat' : 'dog'}`,
      'labels',
    ],
    [
      'a header with a space and capitals',
      'Image Name;Class Label;w\n',
      (n: number) => `${n}.png;${n % 2 ? 'cat' : 'dog'};3`,
      'Class Label',
    ],
    [
      'unknown headers of two columns',
      'slide,grade\n',
      (n: number) => `${n},${n % 2 ? 'cat' : 'dog'}`,
      'grade',
    ],
    [
      'the class before the file',
      'species,photo\n',
      (n: number) => `${n % 2 ? 'cat' : 'dog'},${n}.png`,
      'species',
    ],
    [
      'a number beside the name of a class',
      'file,class_id,class_name\n',
      (n: number) => `${n}.png,${n % 2},${n % 2 ? 'cat' : 'dog'}`,
      'class_name',
    ],
    [
      'sep= before the header',
      'sep=;\nfile;label\n',
      (n: number) => `${n}.png;${n % 2 ? 'cat' : 'dog'}`,
      'label',
    ],
    [
      'separators within quotes',
      '"file","label","a,b;c;d;e"\n',
      (n: number) => `"${n}.png",${n % 2 ? 'cat' : 'dog'},x`,
      'label',
    ],
  ])('are found: %s', async (_, header, row, labelColumn) => {
    const scan = await scanFolder(await folderOf(numbered(12), { 'labels.csv': header + rows(12, row) }));
    expect(countsOf(scan)).toEqual({ cat: 6, dog: 6 });
    expect(scan.table?.labelColumns).toEqual([labelColumn]);
    expect(told(scan.skipped)).toEqual([]);
  });

  it('of a one-hot table are the classes', async () => {
    const text = `image_id,healthy,rust,scab\n${rows(12, (n) => `${n},${[0, 1, 2].map((k) => Number(n % 3 === k)).join(',')}`)}`;
    const scan = await scanFolder(await folderOf(numbered(12), { 'train.csv': text }));
    expect(countsOf(scan)).toEqual({ healthy: 4, rust: 4, scab: 4 });
    expect(scan.table).toMatchObject({ fileColumn: 'image_id', labelColumns: ['healthy', 'rust', 'scab'] });
  });

  it.each([
    [
      'several unknown ones',
      'image_name,width,height,species\n0.png,480,480,cat\n1.png,640,480,dog\n',
      /does not say which column is the class; its header is “image_name, width, height, species”/,
    ],
    [
      'two that could be the class',
      'file,label,category\n0.png,a,x\n1.png,a,y\n',
      /more than one column that could be the class \(“label”, “category”\)/,
    ],
    [
      'an image of two classes',
      'file,rust,scab\n0.png,1,0\n1.png,1,1\n',
      /gives the image of line 3 2 classes/,
    ],
    [
      'no header',
      '0.png,cat,3\n1.png,dog,3\n',
      /several columns and no header; its first line is “0.png, cat, 3”/,
    ],
  ])('are asked for: %s', async (_, text, message) => {
    const folder = await folderOf(numbered(2), { 'labels.csv': text });
    await expect(scanFolder(folder)).rejects.toMatchObject({
      code: 'labels-column',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [
      { fileColumn: null, labelColumn: 'species' },
      { cat: 1, dog: 1 },
    ],
    [
      { fileColumn: null, labelColumn: 'SPECIES' },
      { cat: 1, dog: 1 },
    ],
    [
      { fileColumn: 'image_name', labelColumn: '4' },
      { cat: 1, dog: 1 },
    ],
    [
      { fileColumn: '1', labelColumn: 'width' },
      { '480': 1, '640': 1 },
    ],
  ])('are those that were named: %j', async (columns, counts) => {
    const text = 'image_name,width,height,species\n0.png,480,480,cat\n1.png,640,480,dog\n';
    const folder = await folderOf(numbered(2), { 'labels.csv': text });
    expect(countsOf(await scanFolder(folder, { columns }))).toEqual(counts);
  });

  it('are refused where the table has none of that name, with its header', async () => {
    const folder = await folderOf(numbered(2), { 'labels.csv': 'file,label\n0.png,cat\n1.png,dog\n' });
    const columns = { ...AUTO, labelColumn: 'breed' };
    await expect(scanFolder(folder, { columns })).rejects.toThrow(
      /has no column “breed”; its header is “file, label”/,
    );
    await expect(scanFolder(folder, { columns: { ...AUTO, fileColumn: 'label' } })).rejects.toThrow(
      /No file that “labels.csv” names/,
    );
  });
});

describe('a nearly right table', () => {
  it('lists the line without a file, and the one without a class', async () => {
    const text = `file,label\n${rows(12, (n) => `${n === 5 ? '' : `${n}.png`},${n === 8 ? '' : n % 2 ? 'cat' : 'dog'}`)}`;
    const scan = await scanFolder(await folderOf(numbered(12), { 'labels.csv': text }));
    expect(scan.images.length).toBe(10);
    expect(told(scan.skipped)).toEqual([
      { file: 'labels.csv', reason: 'line 7 names no file' },
      { file: '8.png', reason: 'line 10 of “labels.csv” gives it no class' },
      { file: '5.png', reason: 'no line of the labels names it' },
      { file: '8.png', reason: 'no line of the labels names it' },
    ]);
  });

  it.each([
    [
      'composed letters for decomposed files',
      (n: number) => `cafe\u0301_${n}.png`,
      (n: number) => `caf\u00e9_${n}.png`,
      /Unicode form/,
    ],
    [
      'another letter case',
      (n: number) => `IMG_${n}.PNG`,
      (n: number) => `img_${n}.png`,
      /12 names .* letter case alone \(“img_0.png” is “IMG_0.PNG”\)/,
    ],
    [
      'no extension and another case',
      (n: number) => `IMG_${n}.PNG`,
      (n: number) => `img_${n}`,
      /letter case/,
    ],
    ['backslashes', (n: number) => `a/${n}.png`, (n: number) => `a\\${n}.png`, /^$/],
    ['the folder before it', (n: number) => `${n}.png`, (n: number) => `FOLDER/${n}.png`, /^$/],
    ['absolute paths', (n: number) => `${n}.png`, (n: number) => `ROOT/${n}.png`, /^$/],
  ])('is understood: %s', async (_, file, name, warning) => {
    const folder = await folderOf(
      Array.from({ length: 12 }, (_, at) => file(at)),
      {},
    );
    const place = (text: string): string =>
      text.replace('ROOT', folder).replace('FOLDER', folder.split('/').at(-1) ?? '');
    writeFiles(folder, {
      'labels.csv': `file,label\n${rows(12, (n) => `${place(name(n))},${n % 2 ? 'cat' : 'dog'}`)}`,
    });
    const scan = await scanFolder(folder);
    expect(countsOf(scan)).toEqual({ cat: 6, dog: 6 });
    expect(
      told(scan.warnings)
        .filter((text) => text.includes('labels.csv') || text.includes('files'))
        .join(),
    ).toMatch(warning);
  });

  it('does not guess between two files that a name could mean', async () => {
    const names = ['A.png', 'a.PNG', 'b.png', 'c.png', 'x/d.png'];
    const text = 'file,label\na.png,cat\nb.png,cat\nc.png,dog\nd.png,dog\n';
    const scan = await scanFolder(await folderOf(names, { 'labels.csv': text }));
    expect(scan.skipped.map(({ file }) => file)).toEqual(['a.png', 'A.png', 'a.PNG']);
    const two = await folderOf(['train/1.png', 'extra/1.png', '2.png', '3.png'], {
      'labels.csv': 'file,label\n1.png,cat\n2.png,cat\n3.png,dog\n',
    });
    expect(told((await scanFolder(two)).skipped)[0]).toEqual({
      file: '1.png',
      reason: 'named in line 2 of the labels, but several files could be meant',
    });
  });

  it('is called what it is when its text is of a code page', async () => {
    const text = Buffer.from(
      `file,label\n${rows(4, (n) => `${n}.png,${n % 2 ? 'Caf\u00e9' : 'dog'}`)}`,
      'latin1',
    );
    const folder = await folderOf(numbered(4), { 'labels.csv': text });
    const told = /“labels.csv” cannot be used: it is not UTF-8 text \(line 3\)/;
    await expect(scanFolder(folder)).rejects.toThrow(told);
    await expect(scanFolder(folder, { labels: join(folder, 'labels.csv') })).rejects.toThrow(told);
  });

  it('is read in UTF-16, as spreadsheets save Unicode text', async () => {
    const text = `\ufefffile\tlabel\r\n${rows(4, (n) => `${n}.png\t${n % 2 ? 'Caf\u00e9' : 'dog'}`)}`;
    const scan = await scanFolder(
      await folderOf(numbered(4), { 'labels.csv': Buffer.from(text, 'utf16le') }),
    );
    expect(countsOf(scan)).toEqual({ 'Caf\u00e9': 2, dog: 2 });
  });

  it('is named with its first file when it names nothing in the folder', async () => {
    const folder = await folderOf(numbered(2), { 'labels.csv': 'file,label\nx/7.png,cat\nx/8.png,dog\n' });
    await expect(scanFolder(folder)).rejects.toThrow(
      /No file that “labels.csv” names is in .*the first is “x\/7.png”, in the column “file”/,
    );
  });
});

describe('several tables', () => {
  it('give way to the one whose name promises labels, never to a form for answers', async () => {
    const answers = `id,label\n${rows(8, (n) => `${n},0`)}`;
    const folder = await folderOf(numbered(8), {
      'a_sample_submission.csv': answers,
      'sample_submission.csv': answers,
      'notes.csv': `id,author\n${rows(8, (n) => `${n},${n % 3}`)}`,
      'train.csv': `id,label\n${rows(6, (n) => `${n},${n % 2 ? 'cat' : 'dog'}`)}`,
    });
    const scan = await scanFolder(folder);
    expect(scan.labels).toBe(join(scan.root, 'train.csv'));
    expect(countsOf(scan)).toEqual({ cat: 3, dog: 3 });
    expect(told(scan.warnings)).toContain('“notes.csv” is not used: another table gives the classes.');
    const asked = await scanFolder(folder, { labels: join(folder, 'sample_submission.csv') });
    expect(countsOf(asked)).toEqual({ '0': 8 });
  });

  it('do not give way to another where the best one needs its columns named', async () => {
    const folder = await folderOf(numbered(2), {
      'other.csv': 'file,label\n0.png,x\n1.png,y\n',
      'train.csv': 'file,a,b\n0.png,cat,3\n1.png,dog,4\n',
    });
    await expect(scanFolder(folder)).rejects.toThrow(/“train.csv” does not say which column is the class/);
  });
});

describe('class names that look alike', () => {
  it('are one class where nobody can see a difference', async () => {
    const text =
      'file,label\n0.png,caf\u00e9\n1.png,cafe\u0301\n2.png, dog\n3.png,dog\u200b\n4.png,dog \n5.png,Dog\n';
    const scan = await scanFolder(await folderOf(numbered(6), { 'labels.csv': text }));
    expect(countsOf(scan)).toEqual({ Dog: 1, 'cafe\u0301': 2, dog: 3 });
    expect(told(scan.warnings).join('\n')).toContain('“Dog” and “dog” differ in letter case alone');
    expect(told(scan.warnings).join('\n')).toContain(
      '2 class names look the same ("dog", "dog\\u{200b}"); they are one class.',
    );
  });

  it('are one class as folders too, in the order of the names', async () => {
    const folder = await folderOf(
      ['caf\u00e9/b.png', 'cafe\u0301/a.png', 'tea/c.png', '__proto__/d.png'],
      {},
    );
    const scan = await scanFolder(folder);
    expect(countsOf(scan)).toEqual(
      Object.fromEntries([
        ['__proto__', 1],
        ['cafe\u0301', 2],
        ['tea', 1],
      ]),
    );
    expect(scan.images.filesOfClass(1, 9)).toEqual(['cafe\u0301/a.png', 'caf\u00e9/b.png']);
  });
});
