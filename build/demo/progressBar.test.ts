import { describe, expect, it } from 'vitest';
import { durationText, progressBar } from './progressBar.ts';

describe('the progress bar', () => {
  it.each([
    [0, '    '],
    [0.5, '██  '],
    [0.53, '██▏ '],
    [1, '████'],
    [-1, '    '],
    [7, '████'],
  ])('%f of the way', (share, bar) => {
    expect(progressBar(share, 4)).toBe(bar);
  });
});

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [185_000, '3 min 05 s'],
  ])('%d ms', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
