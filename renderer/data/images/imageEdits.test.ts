import { describe, expect, it } from 'vitest';
import type { ImageRow } from '#core/contract/imageRows.ts';
import { countEdits, withClass, withExcluded } from './imageEdits.ts';

describe('edits of pictures', () => {
  const none = { excluded: [], relabelled: {} };
  const row: ImageRow = {
    file: 'cat/1.png',
    place: 'train',
    className: 'cat',
    givenClass: null,
    index: 0,
    width: 1,
    height: 1,
    sizeBytes: 1,
    format: 'png',
    reason: null,
  };

  it('leave an image out and take it in again', () => {
    const once = withExcluded(none, row.file, true);
    expect(once.excluded).toEqual(['cat/1.png']);
    expect(withExcluded(once, row.file, true)).toEqual(once);
    expect(withExcluded(once, row.file, false)).toEqual(none);
  });

  it('give an image another class, and its own back', () => {
    const other = withClass(none, row, 'dog');
    expect(other.relabelled).toEqual({ 'cat/1.png': 'dog' });
    const relabelled = { ...row, className: 'dog', givenClass: 'cat' };
    expect(withClass(other, relabelled, 'owl').relabelled).toEqual({ 'cat/1.png': 'owl' });
    expect(withClass(other, relabelled, 'cat')).toEqual(none);
  });

  it('are counted by picture', () => {
    expect(countEdits({ excluded: ['a', 'b'], relabelled: { b: 'x', c: 'y' } })).toBe(3);
  });
});
