import { describe, expect, it } from 'vitest';
import { parseNumber, printNumber } from './parseNumber.ts';

describe('parseNumber', () => {
  it.each([
    ['0.9', 0.9],
    [' 1e-5 ', 1e-5],
    ['.5', 0.5],
    ['-3', -3],
    ['1,000', 1000],
    ['12,345,678', 12345678],
    ['1,000.5', 1000.5],
    ['-1,000', -1000],
    ['1_000', 1000],
    ['1_000_000.5', 1000000.5],
    ['1 000', 1000],
    ['1\u202f000\u202f000', 1000000],
    ['1’000', 1000],
    ['1e3', 1000],
    ['1,000e3', 1e6],
    ['1.000', 1],
    ['5.', 5],
    ['１２８', 128],
    ['０。５', 0.5],
    ['０．５', 0.5],
    ['１，０００', 1000],
    ['－１ｅ－３', -1e-3],
    ['\u22125', -5],
    ['\u30007\u3000', 7],
  ])('reads %s', (text, value) => {
    expect(parseNumber(text, {})).toEqual({ ok: true, value });
  });

  it.each([
    ['', {}, 'empty'],
    ['abc', {}, 'not-a-number'],
    ['0x10', {}, 'not-a-number'],
    ['1,5', {}, 'comma'],
    ['0,25', {}, 'comma'],
    ['0,125', {}, 'comma'],
    ['1,0000', {}, 'comma'],
    ['1,00', {}, 'comma'],
    ['1,000,5', {}, 'comma'],
    ['1.000,5', {}, 'comma'],
    ['1,000 000', {}, 'not-a-number'],
    ['12,34,567', {}, 'comma'],
    ['1,', {}, 'comma'],
    ['0，５', {}, 'comma'],
    ['1.000', { integer: true }, 'ambiguous'],
    ['12.345.678', { integer: true }, 'not-a-number'],
    ['1 00', {}, 'not-a-number'],
    ['_1', {}, 'not-a-number'],
    ['1__0', {}, 'not-a-number'],
    ['10²', {}, 'not-a-number'],
    ['½', {}, 'not-a-number'],
    ['1e-400', {}, 'too-close-to-zero'],
    ['9007199254740993', { integer: true }, 'not-finite'],
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
