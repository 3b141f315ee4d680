import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../words/catalogues.ts';
import { encodeUtf8 } from '../../export/utf8.ts';
import { FileFault } from '../fileFault.ts';
import { parseProtoText } from './protoText.ts';
import { isTree, type TreeValue } from './tree.ts';

/** Messages as lists of fields with their values. */
function plain(value: TreeValue): unknown {
  return isTree(value)
    ? Object.fromEntries([...value].map(([name, values]) => [name, values.map(plain)]))
    : value;
}

function parsed(text: string): unknown {
  return plain(parseProtoText(encodeUtf8(text)));
}

function faultOf(text: string): string {
  try {
    parsed(text);
  } catch (thrown) {
    if (thrown instanceof FileFault) return inEnglish(thrown.what);
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('parseProtoText', () => {
  it('reads fields, nested messages and repeated fields', () => {
    expect(parsed('a: 1 b { c: "x" c: "y" } b: { d: MAX }; e < f: true >, a: 2')).toEqual({
      a: [1, 2],
      b: [{ c: ['x', 'y'] }, { d: ['MAX'] }],
      e: [{ f: ['true'] }],
    });
  });

  it('reads lists, comments and line ends of any kind', () => {
    expect(parsed('\uFEFF# first\r\na: [1, 2, -3] # a # b\n#\nb: [] c: [{ d: 1 }]')).toEqual({
      a: [1, 2, -3],
      c: [{ d: [1] }],
    });
  });

  it('reads numbers and texts as protobuf writes them', () => {
    expect(parsed('a: -.5 a: 1e-3 a: 2.f a: 0x1F a: inf a: -inf a: +3 a: 1.5E2F')).toEqual({
      a: [-0.5, 0.001, 2, 31, Infinity, -Infinity, 3, 150],
    });
    expect(parsed('a: nan')).toEqual({ a: [NaN] });
    expect(parsed(`a: "x \\"y\\" # { \\n" 'z' a: 'it"s'`)).toEqual({ a: ['x "y" # { \nz', 'it"s'] });
    expect(parsed('name: "网络"')).toEqual({ name: ['网络'] });
    expect(parsed('')).toEqual({});
  });

  it('names the line of what it does not expect', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['a: 1\n}', 'line 2 has an unexpected }'],
      ['a 1', 'line 1 has an unexpected 1'],
      ['a: :', 'line 1 has an unexpected :'],
      ['a {\n# }\n', 'it ends in line 3 within a message'],
      ['a:', 'it ends in line 1 within a message'],
      ['a: [1\n2]', 'line 2 has an unexpected 2'],
      ['a: [1', 'it ends in line 1 within a message'],
      ['a { b: 1 >', 'line 1 has an unexpected >'],
      ['a: "x\ny"', 'line 1 has an unexpected "'],
      ['a: "x\\', 'line 1 has an unexpected "'],
      ['é: 1', 'line 1 has an unexpected é'],
      ['"a": 1', 'line 1 has an unexpected a'],
    ];
    for (const [text, wanted] of cases) expect(faultOf(text), text).toBe(wanted);
  });

  it('needs neither much time nor a deep stack for long texts', () => {
    expect(faultOf(`a: "${'\\x'.repeat(5_000_000)}`)).toContain('unexpected "');
    expect(parsed(`${'# comment\n'.repeat(500_000)}a: 1`)).toEqual({ a: [1] });
    expect(faultOf('a { '.repeat(1_000_000))).toContain('nested more than');
  });
});
