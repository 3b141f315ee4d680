import { describe, expect, it } from 'vitest';
import { parseNumber, printNumber } from './parseNumber.ts';

describe('parseNumber', () => {
  it.each([
    ['0.9', 0.9],
    [' 1e-5 ', 1e-5],
    ['.5', 0.5],
    ['-3', -3],
    ['0,25', 0.25],
  ])('reads %s', (text, value) => {
    expect(parseNumber(text, {})).toEqual({ ok: true, value });
  });

  it.each([
    ['', {}, 'empty'],
    ['abc', {}, 'not-a-number'],
    ['0x10', {}, 'not-a-number'],
    ['1.5', { integer: true }, 'not-an-integer'],
    ['0', { min: 1 }, 'too-small'],
    ['0', { min: 0, exclusiveMin: true }, 'not-above'],
    ['-1', { min: 0, exclusiveMin: true }, 'not-above'],
    ['1e999', {}, 'not-finite'],
    ['12', { max: 11 }, 'too-large'],
    ['1e999', { max: 11 }, 'too-large'],
  ])('refuses %j under %j', (text, limits, reason) => {
    expect(parseNumber(text, limits)).toEqual({ ok: false, reason });
  });

  it('takes the limits themselves', () => {
    expect(parseNumber('0', { min: 0, max: 1 }).ok).toBe(true);
    expect(parseNumber('1', { min: 0, max: 1 }).ok).toBe(true);
  });
});

describe('printNumber', () => {
  it.each([
    [0.9, '0.9'],
    [1e-5, '1e-5'],
    [0.0005, '5e-4'],
    [0, '0'],
    [0.05, '0.05'],
    [1234567, '1234567'],
  ])('prints %d', (value, text) => {
    expect(printNumber(value)).toBe(text);
    expect(parseNumber(text, {})).toEqual({ ok: true, value });
  });
});
