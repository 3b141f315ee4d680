import { describe, expect, it } from 'vitest';
import { findForgotten } from './forgotten.ts';

describe('findForgotten', () => {
  // By hand: one line for each image, one column for each epoch; the true class is 1.
  const lines = ['1111', '0111', '1010', '0000', '1110', '0101', '1100'];
  const history = {
    count: lines.length,
    labels: new Int32Array(lines.length).fill(1),
    epochs: [1, 2, 3, 5],
    decided: [0, 1, 2, 3].map((at) => Uint8Array.from(lines, (line) => Number(line[at]))),
  };

  it('counts forgetting events as Toneva et al. define them', () => {
    const { images, summary } = findForgotten(history, 3);
    expect(images.map(({ image, events, learnedAt, isLost }) => [image, events, learnedAt, isLost])).toEqual([
      [2, 2, 1, true],
      [4, 1, 1, true],
      [5, 1, 2, false],
      [6, 1, 1, false],
      [3, 0, null, false],
    ]);
    expect(images[0]?.right).toEqual([true, false, true, false]);
    expect(summary).toEqual({
      ...{ images: 7, epochs: [1, 2, 3, 5], bestEpoch: 3 },
      ...{ unforgettable: 2, forgotten: 4, neverLearned: 1, lost: 2 },
    });
  });

  it('knows no lost images where the best epoch was not recorded', () => {
    const { summary } = findForgotten(history, 4);
    expect(summary).toMatchObject({ bestEpoch: null, lost: 0, forgotten: 4 });
  });
});
