import { describe, expect, it } from 'vitest';
import { EVALUATION_TABLES, evaluationTables } from './evaluationTables.ts';
import { sampleJudgement } from './testing/sampleJudgement.ts';

/** Rows of a table without quoted cells. */
function rowsOf(text: string | undefined): string[][] {
  const lines = (text ?? '').split('\r\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => line.split(','));
}

describe('evaluationTables', async () => {
  const judged = await sampleJudgement(60, 4);
  const tables = new Map([...evaluationTables(judged)].map(([name, parts]) => [name, [...parts].join('')]));

  it('has every table', () => {
    expect([...tables.keys()]).toEqual([...EVALUATION_TABLES]);
  });

  it('gives each figure with its interval and the method of it', () => {
    const rows = rowsOf(tables.get('figures.csv'));
    const accuracy = rows.find(([name]) => name === 'accuracy');
    expect(Number(accuracy?.[1])).toBe(judged.figures.accuracy?.value);
    expect(Number(accuracy?.[2])).toBe(judged.figures.accuracy?.interval?.low);
    expect(accuracy?.[4]).toBe('wilson');
    expect(rows.find(([name]) => name === 'roc_auc')).toEqual(['roc_auc', '', '', '', '']);
  });

  it('counts the same images in every table', () => {
    const classes = rowsOf(tables.get('classes.csv')).slice(1);
    const confusion = rowsOf(tables.get('confusion.csv')).slice(1);
    const images = rowsOf(tables.get('images.csv')).slice(1);
    const confused = rowsOf(tables.get('confused.csv')).slice(1);
    classes.forEach(([, support, given, correct], k) => {
      expect(confusion[k]?.slice(1).reduce((sum, cell) => sum + Number(cell), 0)).toBe(Number(support));
      expect(confusion.reduce((sum, row) => sum + Number(row[k + 1]), 0)).toBe(Number(given));
      expect(confusion[k]?.[k + 1]).toBe(correct);
    });
    expect(images).toHaveLength(60);
    const wrong = images.filter(([, label, given]) => label !== given).length;
    expect(confused.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(wrong);
    const bins = rowsOf(tables.get('calibration.csv')).slice(1);
    expect(bins.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(60);
  });
});
