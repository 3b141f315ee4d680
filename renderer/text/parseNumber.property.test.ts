import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber, printNumber } from './parseNumber.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const whole = fc.maxSafeInteger();
const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

describe('a number field', () => {
  it('shows a text that reads back as the same number', () => {
    fc.assert(
      fc.property(finite, (value) => {
        expect(parseNumber(printNumber(value), {})).toEqual({ ok: true, value: value + 0 });
      }),
    );
  });

  it('reads a whole number alike with and without separators, in half and full width', () => {
    fc.assert(
      fc.property(whole, fc.constantFrom(',', ' ', '\u202f', '’', '_'), (value, separator) => {
        const grouped = String(value).replace(/\B(?=(\d{3})+$)/g, separator);
        const read = { ok: true, value: value + 0 };
        for (const text of [String(value), grouped, fullWidth(String(value)), fullWidth(grouped)]) {
          expect(parseNumber(text, { integer: true })).toEqual(read);
        }
      }),
    );
  });

  it('never takes a part of what was typed', () => {
    const signs = fc.constantFrom(...'0123456789.,_ e-+’，。０５'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 10 }), (text) => {
        const parsed = parseNumber(text, {});
        if (!parsed.ok) return;
        // Every digit of the text counts: without its separators it is the number.
        const digits = text
          .replaceAll('０', '0')
          .replaceAll('５', '5')
          .replaceAll('。', '.')
          .replace(/[,_ ’，]/g, '');
        expect(parsed.value).toBe(Number(digits) + 0);
        expect(parseNumber(printNumber(parsed.value), {})).toEqual(parsed);
      }),
    );
  });
});
