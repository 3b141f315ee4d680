import { describe, expect, it } from 'vitest';
import { csvField, csvTable, quotedCsvField } from './csv.ts';

describe('csvTable', () => {
  it('ends every line with CRLF, leaves missing values empty and quotes where it must', () => {
    expect(
      csvTable(
        ['class', 'share'],
        [
          ['a, "b"', 0.5],
          ['two\nlines', null],
          ['plain', NaN],
        ],
      ),
    ).toBe('class,share\r\n"a, ""b""",0.5\r\n"two\nlines",\r\nplain,NaN\r\n');
  });

  it('writes no text that a spreadsheet would run, and numbers as they are', () => {
    for (const text of ['=1+1', '+1', '-1', '@sum', '\tx']) expect(csvField(text)).toBe(`'${text}`);
    expect(quotedCsvField('=1+1')).toBe(`"'=1+1"`);
    expect(csvField('=a,b')).toBe(`"'=a,b"`);
    expect(csvTable(['n'], [[-1.5]])).toBe('n\r\n-1.5\r\n');
  });
});
