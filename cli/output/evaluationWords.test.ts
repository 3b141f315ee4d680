import { describe, expect, it } from 'vitest';
import { sampleJudgement } from '#core/evaluation/testing/sampleJudgement.ts';
import { evaluationLines } from './evaluationWords.ts';
import { columnsOfText, fittedTable, shortened, shortenedPath } from './fitted.ts';

describe('evaluationLines', () => {
  it.each([
    [2, (k: number) => `c${k}`],
    [10, (k: number) => `a class with a very long name, number ${k}`],
    [10, (k: number) => `类别名称很长很长很长很长很长的第${k}类`],
    [45, (k: number) => `class ${k}`],
    [1000, (k: number) => `class with a name that is too long for any column of the table ${k}`],
  ])('fit 80 columns for %i classes', async (classes, nameOf) => {
    const lines = evaluationLines(await sampleJudgement(1500, classes, nameOf));
    for (const line of lines) expect(columnsOfText(line), line).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThan(120);
    expect(
      lines.some((line) => line.startsWith(classes > 12 ? 'the most confused pairs' : 'confusion:')),
    ).toBe(true);
  });

  it('counts in the matrix what the classes say', async () => {
    const lines = evaluationLines(await sampleJudgement(60, 4));
    expect(lines).toContain('1 class 0 10  4  1  3');
    expect(lines.find((line) => line.startsWith('class 1'))).toMatch(
      /^class 1 +14 +11 +0\.5789 +0\.7857 +0\.6667/,
    );
    expect(lines.find((line) => line.startsWith('ROC AUC'))).toBeUndefined();
  });
});

describe('text on a terminal', () => {
  it('is measured in columns', () => {
    expect([
      columnsOfText('abc'),
      columnsOfText('中文'),
      columnsOfText('e\u0301'),
      columnsOfText('🐱'),
    ]).toEqual([3, 4, 1, 2]);
    expect(shortened('中文中文', 5)).toBe('中文…');
    expect(shortened('abcdef', 6)).toBe('abcdef');
    expect(shortenedPath('folder/name.png', 9)).toBe('…name.png');
  });

  it('is aligned in a table', () => {
    const rows = [
      ['中', '1'],
      ['abcd', '10'],
    ];
    expect(fittedTable(['name', 'n'], rows).split('\n')).toEqual(['name   n', '中     1', 'abcd  10']);
  });
});
