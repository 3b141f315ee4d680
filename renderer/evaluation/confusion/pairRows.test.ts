import { describe, expect, it } from 'vitest';
import { sampleJudgement } from '#core/evaluation/testing/sampleJudgement.ts';
import { confusionMatrix } from './confusionMatrix.ts';
import { pairRows, sortedPairs } from './pairRows.ts';

describe('the confused pairs', () => {
  it('are every image that is wrong, with the share of its class', async () => {
    const { record } = await sampleJudgement(300, 5);
    const rows = pairRows(confusionMatrix(record), null);
    const wrong = record.confusion.filter(([a, b]) => a !== b).reduce((sum, cell) => sum + cell[2], 0);
    expect(rows.reduce((sum, { images }) => sum + images, 0)).toBe(wrong);
    for (const { from, images, share } of rows)
      expect(share).toBe(images / (record.figures.perClass[from]?.support ?? NaN));
  });

  it('are those of one class, and sorted by any column', async () => {
    const { record } = await sampleJudgement(300, 5);
    const matrix = confusionMatrix(record);
    const rows = pairRows(matrix, 2);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ from, to }) => from === 2 || to === 2)).toBe(true);
    const by = (column: 'share' | 'trueClass', isReversed: boolean) =>
      sortedPairs(rows, { column, isReversed }, matrix.names);
    const shares = by('share', false).map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(by('share', true)[0]?.share).toBe(Math.min(...shares));
    expect(by('trueClass', false)[0]?.from).toBe(Math.min(...rows.map(({ from }) => from)));
  });
});
