import { describe, expect, it } from 'vitest';
import { csvField, csvParts, csvTable, quotedCsvField, rowsOf } from './csv.ts';

describe('csvParts', () => {
  it('makes a long table in parts of whole lines, row after row', () => {
    let made = 0;
    const rows = rowsOf(Array(10_000).keys(), (item, at) => {
      made += 1;
      return [item, `row ${at}`];
    });
    const parts: string[] = [];
    for (const part of csvParts(['n', 'name'], rows)) {
      expect(part.endsWith('\r\n')).toBe(true);
      parts.push(part);
      if (parts.length === 1) expect(made).toBeLessThan(5_000);
    }
    expect(parts.length).toBeGreaterThan(2);
    const lines = parts.join('').split('\r\n');
    expect(lines).toHaveLength(10_002);
    expect([lines[0], lines[1], lines.at(-2)]).toEqual(['n,name', '0,row 0', '9999,row 9999']);
  });
});

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
