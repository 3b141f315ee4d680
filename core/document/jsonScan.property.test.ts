import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from './jsonScan.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const indents = fc.constantFrom(0, 2);
const texts = fc
  .tuple(fc.jsonValue({ maxDepth: 4 }), indents)
  .map(([value, indent]) => JSON.stringify(value, null, indent));

describe('scanJson', () => {
  it('calls every text complete that JSON.parse reads', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(scanJson(text)).toEqual({ kind: 'complete' });
      }),
    );
  });

  it('calls every cut-off object or list truncated', () => {
    const cut = texts
      .filter((text) => /^[[{]/.test(text))
      .chain((text) => fc.nat(text.length - 1).map((at) => text.slice(0, at)));
    fc.assert(
      fc.property(cut, (text) => {
        expect(scanJson(text)).toEqual({ kind: 'truncated', at: text.length });
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with JSON.parse on any text, and so do its verdicts on what was spoiled', () => {
    const spoiled = fc
      .tuple(texts, fc.nat(), fc.constantFrom('}', ',', '"', 'x', ':', '0', '\\', '\n', '[', '-', 'e'))
      .map(([text, at, mark]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + mark + text.slice(place);
      });
    fc.assert(
      fc.property(fc.oneof(spoiled, fc.string()), (text) => {
        expect(scanJson(text).kind === 'complete').toBe(isJson(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('points at the first wrong character', () => {
    expect(scanJson('{"a": 1, b}')).toEqual({ kind: 'wrong', at: 9 });
    expect(scanJson('hello')).toEqual({ kind: 'wrong', at: 0 });
    expect(scanJson('{} {')).toEqual({ kind: 'wrong', at: 3 });
    expect(scanJson('[1 2]')).toEqual({ kind: 'wrong', at: 3 });
  });
});
