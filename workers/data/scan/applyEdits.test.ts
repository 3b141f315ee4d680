import { describe, expect, it } from 'vitest';
import { told } from '#core/words/testing.ts';
import { applyEdits } from './applyEdits.ts';
import { scanFolder, type FolderScan } from './scanFolder.ts';
import { imageFolder, picture, writeFiles } from '../testing/imageFolder.ts';

const filesByClass = (scan: FolderScan): Record<string, string[]> =>
  Object.fromEntries(scan.classes.map(({ name }, index) => [name, scan.images.filesOfClass(index, 100)]));

describe('applyEdits', () => {
  it('gives the very scan when the project changes nothing', async () => {
    const scan = await scanFolder(await imageFolder(['a', 'b'], 2));
    expect(applyEdits(scan, { excluded: [], relabelled: {} })).toBe(scan);
  });

  it('leaves images out and moves others to another class or a new one', async () => {
    const scan = await scanFolder(await imageFolder(['a', 'b'], 3));
    const edited = applyEdits(scan, {
      excluded: ['a/0.png'],
      relabelled: { 'a/1.png': 'b', 'b/2.png': 'aa' },
    });
    expect(filesByClass(edited)).toEqual({
      a: ['a/2.png'],
      aa: ['b/2.png'],
      b: ['a/1.png', 'b/0.png', 'b/1.png'],
    });
    expect(edited.classes.map(({ count }) => count)).toEqual([1, 1, 3]);
    expect(told(edited.skipped)).toEqual([{ file: 'a/0.png', reason: 'left out by the project' }]);
    // Each image keeps its own digest and size.
    for (const [index, image] of [...edited.images].entries()) {
      const before = [...scan.images].findIndex(({ file }) => file === image.file);
      expect(edited.digests.hexAt(index)).toBe(scan.digests.hexAt(before));
      expect(image.sizeBytes).toBe(scan.images.at(before)?.sizeBytes);
    }
  });

  it('drops a class that is left without images, and keeps copies together under their new numbers', async () => {
    const folder = await imageFolder(['a', 'b', 'c'], 1);
    writeFiles(folder, { 'c/copy.png': await picture(1000), 'c/other.png': await picture(5) });
    const scan = await scanFolder(folder);
    expect(scan.duplicates).toEqual([[1, 3]]);
    const edited = applyEdits(scan, { excluded: ['a/0.png'], relabelled: {} });
    expect(edited.classes.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(edited.duplicates.map((group) => group.map((index) => edited.images.fileOf(index)))).toEqual([
      ['b/0.png', 'c/copy.png'],
    ]);
  });

  it('tells names that the folder does not have', async () => {
    const scan = await scanFolder(await imageFolder(['a', 'b'], 1));
    const edited = applyEdits(scan, { excluded: ['gone.png'], relabelled: {} });
    expect(told(edited.warnings).at(-1)).toMatch(/leaves out or relabels is not in the folder: “gone.png”/);
    expect(told(edited.skipped)).toEqual([]);
  });
});
