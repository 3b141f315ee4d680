import { describe, expect, it } from 'vitest';
import { matchText, rankByText } from './matchText.ts';

describe('matchText', () => {
  it.each([
    ['relu', 'ReLU', 0],
    ['re', 'ReLU', 1],
    ['pool', 'MaxPool', 2],
    ['norm', 'Strip all norm', 2],
    ['elu', 'ReLU', 3],
    ['gap', 'GlobalAvgPool', 4],
    ['zz', 'ReLU', null],
    ['  ', 'ReLU', 3],
  ])('%j in %j is %s', (query, text, score) => {
    expect(matchText(query, text)).toBe(score);
  });
});

describe('rankByText', () => {
  it('puts the best first and leaves out what does not fit', () => {
    const ranked = rankByText(['LeakyReLU', 'ReLU', 'Dense', 'ELU'], 'elu', (text) => [text]);
    expect(ranked).toEqual(['ELU', 'LeakyReLU', 'ReLU']);
  });
  it('takes the best of several texts', () => {
    expect(rankByText([['Add', 'merge'], ['Dense']], 'merge', (texts) => texts)).toEqual([['Add', 'merge']]);
  });
});
