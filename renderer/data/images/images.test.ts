import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageRow } from '#core/contract/imageRows.ts';
import { gridWindow } from './gridWindow.ts';
import { countEdits, withClass, withExcluded } from './imageEdits.ts';

describe('gridWindow', () => {
  it('draws every cell in sight, and never more than fit with two spare rows on either side', () => {
    const sizes = fc.record({
      count: fc.integer({ min: 0, max: 1_000_000 }),
      width: fc.integer({ min: 0, max: 3000 }),
      height: fc.integer({ min: 1, max: 2000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(sizes, ({ count, width, height, share }) => {
        const columns = Math.max(1, Math.floor(width / 76));
        const all = Math.ceil(count / columns) * 76;
        const scrolled = share * Math.max(0, all - height);
        const view = gridWindow(count, 76, { width, height, scrolled });
        expect(view.height).toBe(all);
        expect(view.from % columns).toBe(0);
        expect(view.top).toBe((view.from / columns) * 76);
        const firstInSight = Math.floor(scrolled / 76) * columns;
        const lastInSight = Math.min(count, Math.ceil((scrolled + height) / 76) * columns);
        expect(view.from).toBeLessThanOrEqual(firstInSight);
        expect(view.to).toBeGreaterThanOrEqual(lastInSight);
        expect(view.to - view.from).toBeLessThanOrEqual(view.cells);
        expect(view.cells).toBeLessThanOrEqual((Math.ceil(height / 76) + 6) * columns);
      }),
    );
  });
});

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
