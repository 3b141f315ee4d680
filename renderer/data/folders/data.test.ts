import { describe, expect, it } from 'vitest';
import type { DataSummary } from '#core/contract/dataSummary.ts';
import { pathOf, withProgress, type FolderState } from './folderState.ts';
import { mismatchOf } from './inputMatch.ts';
import { visibleName } from '../../text/visibleName.ts';

const FOLDER = { grant: 'g', path: '/pictures', name: 'pictures' };
const summary = (classes: number, typical: DataSummary['typical']): DataSummary => ({
  classes: Array.from({ length: classes }, (_, i) => ({ name: `class ${i}`, count: 5 })),
  images: classes * 5,
  skipped: [],
  warnings: [],
  labels: null,
  typical,
});

describe('visibleName', () => {
  it('leaves ordinary names of any script alone', () => {
    for (const name of ['cat', 'grüne Äpfel', '猫 狗', 'a&b <script>', "it's"])
      expect(visibleName(name)).toBe(name);
  });

  it('shows what would hide or turn a name around', () => {
    expect(visibleName('exe\u202egnp')).toBe('exe\\u{202e}gnp');
    expect(visibleName('two\nlines\u0000')).toBe('two\\u{a}lines\\u{0}');
    expect(visibleName('\ufeffcat\u200b')).toBe('\\u{feff}cat\\u{200b}');
    expect(visibleName('  ')).toBe('"  "');
  });
});

describe('mismatchOf', () => {
  const network = { inputShape: [3, 32, 32], classes: 10 };

  it('is null when all fits', () => {
    expect(mismatchOf(network, summary(10, { height: 32, width: 32, channels: 3 }))).toBeNull();
    expect(mismatchOf(network, summary(10, null))).toBeNull();
  });

  it('tells channels, size and classes apart', () => {
    const grey = mismatchOf(network, summary(10, { height: 28, width: 28, channels: 1 }));
    expect(grey).toEqual({ inputShape: [1, 28, 28] });
    expect(mismatchOf(network, summary(12, { height: 32, width: 32, channels: 3 }))).toEqual({ classes: 12 });
  });

  it('does not suggest the size of large photographs, but their channels', () => {
    const photos = { height: 3000, width: 4000, channels: 3 };
    expect(mismatchOf(network, summary(10, photos))).toBeNull();
    expect(mismatchOf({ ...network, inputShape: [1, 32, 32] }, summary(10, photos))).toEqual({
      inputShape: [3, 32, 32],
    });
  });

  it('does not make a network of one class out of a folder with one', () => {
    expect(mismatchOf(network, summary(1, null))).toBeNull();
  });
});

describe('FolderState', () => {
  const scanning: FolderState = { kind: 'scanning', folder: FOLDER, scanId: 's', done: 5, total: null };

  it('takes progress of its own scan, never backwards', () => {
    expect(withProgress(scanning, { scanId: 's', done: 9, total: 20 })).toMatchObject({ done: 9, total: 20 });
    expect(withProgress(scanning, { scanId: 's', done: 2, total: null })).toMatchObject({ done: 5 });
    expect(withProgress(scanning, { scanId: 'other', done: 9, total: 20 })).toBe(scanning);
    const ready: FolderState = { kind: 'ready', folder: FOLDER, summary: summary(2, null), changes: null };
    expect(withProgress(ready, { scanId: 's', done: 9, total: 20 })).toBe(ready);
  });

  it('knows its path', () => {
    expect(pathOf({ kind: 'none' })).toBeNull();
    expect(pathOf(scanning)).toBe('/pictures');
    expect(pathOf({ kind: 'opening', path: '/x' })).toBe('/x');
  });
});
