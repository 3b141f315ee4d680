import { describe, expect, it } from 'vitest';
import { cellText, confusionMatrix, largestValues, matrixCsv, valueOf } from './confusionMatrix.ts';
import { sampleJudgement } from '#core/evaluation/testing/sampleJudgement.ts';

/** 4 cats, of which 1 is given dog; 2 dogs, both right; no owl, which is never given. */
async function pets() {
  const { record } = await sampleJudgement(6, 3);
  return confusionMatrix({
    ...record,
    classNames: ['cat', 'dog', 'owl'],
    confusion: [
      [0, 0, 3],
      [0, 1, 1],
      [1, 1, 2],
    ],
  });
}

describe('the confusion matrix', () => {
  it('gives images, shares of the true class and of the class given, and nothing where there is none', async () => {
    const matrix = await pets();
    expect(matrix.images).toBe(6);
    expect(valueOf(matrix, 'counts', 0, 1)).toBe(1);
    expect(valueOf(matrix, 'byTruth', 0, 1)).toBe(0.25);
    expect(valueOf(matrix, 'byGiven', 0, 1)).toBe(1 / 3);
    expect(valueOf(matrix, 'byTruth', 2, 0)).toBe(null);
    expect(valueOf(matrix, 'byGiven', 0, 2)).toBe(null);
    expect(largestValues(matrix, 'counts')).toEqual({ right: 3, wrong: 1 });
    expect(largestValues(matrix, 'byTruth')).toEqual({ right: 1, wrong: 0.25 });
  });

  it('has the values of the evaluation: each cell, each recall and each precision', async () => {
    const { record, confusion } = await sampleJudgement(400, 7);
    const matrix = confusionMatrix(record);
    expect(matrix.confusion.counts).toEqual(confusion.counts);
    record.figures.perClass.forEach(({ recall, precision }, k) => {
      expect(valueOf(matrix, 'byTruth', k, k)).toBe(recall?.value ?? null);
      expect(valueOf(matrix, 'byGiven', k, k)).toBe(precision?.value ?? null);
    });
  });

  it('is copied in the order and with the values that are shown', async () => {
    const matrix = await pets();
    expect(matrixCsv(matrix, 'counts', Uint32Array.of(1, 0, 2))).toBe(
      'true class,dog,cat,owl\r\ndog,2,0,0\r\ncat,1,3,0\r\nowl,0,0,0\r\n',
    );
    expect(matrixCsv(matrix, 'byTruth', Uint32Array.of(0, 1, 2))).toContain('cat,0.75,0.25,0\r\n');
    expect(matrixCsv(matrix, 'byTruth', Uint32Array.of(0, 1, 2))).toContain('owl,,,\r\n');
  });

  it('writes small shares as such', () => {
    expect(cellText('counts', 12, false)).toBe('12');
    expect(cellText('byTruth', 0.1234, true)).toBe('12.3');
    expect(cellText('byTruth', 0.1234, false)).toBe('12');
    expect(cellText('byTruth', 0.001, false)).toBe('<1');
    expect(cellText('byTruth', 0.0001, true)).toBe('<0.1');
    expect(cellText('byGiven', 0, false)).toBe('0');
  });
});
