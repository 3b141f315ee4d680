import { describe, expect, it } from 'vitest';
import { pairImages, type PairSide } from './pairImages.ts';

/** Images by `digest:class`. */
function side(images: readonly string[], classNames: readonly string[] = ['cat', 'dog']): PairSide {
  const parts = images.map((image) => image.split(':'));
  return {
    classNames,
    labels: Int32Array.from(parts, ([, name = '']) => classNames.indexOf(name)),
    digestOf: (image) => parts[image]?.[0] ?? '',
  };
}

describe('pairImages', () => {
  it('finds images by contents, in the order of the first evaluation', () => {
    const found = pairImages(side(['x:cat', 'y:dog', 'z:dog']), side(['z:dog', 'w:cat', 'x:cat']));
    expect([...found.first]).toEqual([0, 2]);
    expect([...found.second]).toEqual([2, 0]);
    expect(found).toMatchObject({ onlyInFirst: 1, onlyInSecond: 1, relabelled: 0 });
  });

  it('pairs equal files one after another', () => {
    const found = pairImages(side(['x:cat', 'x:cat', 'x:cat']), side(['x:cat', 'y:dog', 'x:cat']));
    expect([...found.first]).toEqual([0, 1]);
    expect([...found.second]).toEqual([0, 2]);
    expect(found).toMatchObject({ onlyInFirst: 1, onlyInSecond: 1 });
  });

  it('does not compare images with another true class, and counts them', () => {
    const found = pairImages(side(['x:cat', 'y:dog', 'y:cat']), side(['x:dog', 'y:dog', 'y:dog']));
    expect([...found.first]).toEqual([1]);
    expect([...found.second]).toEqual([1]);
    expect(found).toMatchObject({ onlyInFirst: 0, onlyInSecond: 0, relabelled: 2 });
  });

  it('matches classes by name', () => {
    const found = pairImages(side(['x:cat', 'y:dog']), side(['y:dog', 'x:cat'], ['dog', 'cat']));
    expect([...found.classOf]).toEqual([1, 0]);
    expect([...found.second]).toEqual([1, 0]);
  });

  it('refuses networks with other classes, and evaluations without a common image', () => {
    expect(() => pairImages(side(['x:cat']), side(['x:cat'], ['cat', 'horse']))).toThrow(
      /only the first has “dog”, only the second has “horse”/,
    );
    expect(() => pairImages(side(['x:cat']), side(['y:cat']))).toThrow(/no image in common/);
  });
});
