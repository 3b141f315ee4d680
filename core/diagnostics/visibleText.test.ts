import { describe, expect, it } from 'vitest';
import { visibleJson, visibleLines, visibleText } from './visibleText.ts';

/** Written as code points, so that no editor hides or changes them. */
const UNSEEN = [
  0x00, 0x07, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d,
  0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x3164, 0xfeff, 0xffa0, 0xd800,
  0xe0001, 0xe0061, 0xe0100,
];

describe('visibleText', () => {
  it.each(UNSEEN)('shows character %i by its number', (code) => {
    const character = String.fromCodePoint(code);
    const shown = `a\\u{${code.toString(16)}}b`;
    expect(visibleText(`a${character}b`)).toBe(shown);
    expect(visibleLines(`a${character}b`)).toBe(shown);
  });

  it('leaves what can be seen alone', () => {
    for (const text of [
      'cat',
      'grüne Äpfel',
      'e\u0301',
      '猫 狗',
      'שלום',
      'مرحبا',
      '❤\ufe0f',
      '🙂',
      'a\u00a0b',
    ])
      expect(visibleText(text)).toBe(text);
  });

  it('keeps line breaks and tabs only where several lines are meant', () => {
    expect(visibleText('a\n\tb')).toBe('a\\u{a}\\u{9}b');
    expect(visibleLines('a\n\tb\r\n')).toBe('a\n\tb\\u{d}\n');
  });
});

describe('visibleJson', () => {
  it('holds the same value, with nothing unseen in it', () => {
    const value = { file: UNSEEN.map((code) => String.fromCodePoint(code)).join('x') };
    const text = visibleJson(JSON.stringify(value));
    expect(JSON.parse(text)).toEqual(value);
    expect(visibleText(text)).toBe(text);
  });
});
