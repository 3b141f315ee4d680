import { describe, expect, it } from 'vitest';
import { byteCursor } from '../../byteCursor.ts';
import { namingFile } from '../../fileFault.ts';
import { ascii, concat, little } from '../../testing/bytes.ts';
import { refusal } from '../../testing/messages.ts';
import { readPickle } from './readPickle.ts';
import type { PickleValue } from './values.ts';

/** The value of a pickle: each letter an opcode or a character of its text. */
const read = (text: string): PickleValue => namingFile('a.pkl', () => readPickle(byteCursor(ascii(text))));
const listOf = (...items: PickleValue[]): PickleValue => ({ kind: 'list', items });

describe('readPickle', () => {
  it('reads the plain values of all protocols', () => {
    const cases: readonly (readonly [string, PickleValue])[] = [
      ['N.', null],
      ['I01\n.', true],
      ['I00\n.', false],
      ['\x80\x02\x88.', true],
      ['\x89.', false],
      ['I-12\n.', -12],
      ['L123L\n.', 123],
      ['L9007199254740993L\n.', 9_007_199_254_740_993n],
      ['K\xff.', 255],
      ['M\x01\x02.', 513],
      ['J\xfe\xff\xff\xff.', -2],
      ['\x8a\x00.', 0],
      ['\x8a\x01\xff.', -1],
      ['\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00.', 2n ** 64n - 1n],
      ['\x8b\x02\x00\x00\x00\x00\x01.', 256],
      ['F-1.5e3\n.', -1500],
      ['Finf\n.', Infinity],
      ['G\x3f\xf8\x00\x00\x00\x00\x00\x00.', 1.5],
      ["S'a\\'b\\x41\\n'\n.", "a'bA\n"],
      ['U\x02ab.', 'ab'],
      ['U\x01\xe9.', 'é'],
      ['T\x01\0\0\0x.', 'x'],
      ['Va\\u00e9\n.', 'aé'],
      ['X\x02\0\0\0\xc3\xa9.', 'é'],
      ['\x8c\x01a.', 'a'],
      ['\x8d\x01\0\0\0\0\0\0\0a.', 'a'],
      ['B\x01\0\0\0\xff.', Uint8Array.of(255)],
      ['C\x01\xff.', Uint8Array.of(255)],
      ['\x8e\x01\0\0\0\0\0\0\0\xff.', Uint8Array.of(255)],
      ['\x96\x01\0\0\0\0\0\0\0\xff.', Uint8Array.of(255)],
      ['\x80\x04\x95\x02\0\0\0\0\0\0\0N.', null],
    ];
    for (const [text, value] of cases) expect(read(text), JSON.stringify(text)).toEqual(value);
  });

  it('reads containers, marks and the memo', () => {
    expect(read('(K\x01K\x02l.')).toEqual(listOf(1, 2));
    expect(read('](K\x01K\x02e.')).toEqual(listOf(1, 2));
    expect(read(']K\x01a.')).toEqual(listOf(1));
    expect(read('\x8f(K\x01\x90.')).toEqual(listOf(1));
    expect(read('(K\x01\x91.')).toEqual(listOf(1));
    expect(read('(K\x01t.')).toEqual({ kind: 'tuple', items: [1] });
    expect(read(').')).toEqual({ kind: 'tuple', items: [] });
    expect(read('K\x01K\x02K\x03\x87.')).toEqual({ kind: 'tuple', items: [1, 2, 3] });
    expect(read('(K\x01Nd.')).toEqual({ kind: 'dict', entries: new Map([[1, null]]) });
    expect(read('}K\x01Ns.')).toEqual({ kind: 'dict', entries: new Map([[1, null]]) });
    expect(read('K\x01q\x07p8\n0h\x07g8\n\x86.')).toEqual({ kind: 'tuple', items: [1, 1] });
    expect(read('K\x01\x94r\x05\0\0\0j\x05\0\0\0\x86.')).toEqual({ kind: 'tuple', items: [1, 1] });
    expect(read('K\x012\x86.')).toEqual({ kind: 'tuple', items: [1, 1] });
    expect(read('K\x05(K\x011.')).toBe(5);
    expect(read('K\x05(0.')).toBe(5);
  });

  it('leaves placeholders for classes and functions, and calls nothing', () => {
    expect(read('cos\nsystem\n.')).toEqual({ kind: 'global', name: 'os.system' });
    expect(read('\x8c\x02os\x8c\x06system\x93.')).toEqual({ kind: 'global', name: 'os.system' });
    const made = { kind: 'object', of: 'os.system', args: ['exit'], state: null, entries: null };
    expect(read('cos\nsystem\n(U\x04exittR.')).toEqual(made);
    expect(read('cos\nsystem\n(U\x04exitt\x81.')).toEqual(made);
    expect(read('cos\nsystem\n(U\x04exitt}\x92.')).toEqual(made);
    expect(read('(U\x04exitios\nsystem\n.')).toEqual(made);
    expect(read('(cos\nsystem\nU\x04exito.')).toEqual(made);
    expect(read('ca\nB\n)\x81K\x07b.')).toMatchObject({ of: 'a.B', state: 7 });
    expect(read('ca\nB\n)\x81U\x01kK\x01s.')).toMatchObject({ of: 'a.B', entries: new Map([['k', 1]]) });
    // A class that another call would have returned.
    expect(read('cbuiltins\ngetattr\n(U\x01xtR)R.')).toMatchObject({
      kind: 'object',
      of: 'builtins.getattr',
    });
  });

  it('builds the plain containers of the standard library', () => {
    const entries = new Map([['a', 1]]);
    const pairs = '((U\x01aK\x01\x86ltR';
    expect(read(`ccollections\nOrderedDict\n${pairs}.`)).toEqual({ kind: 'dict', entries });
    expect(read('ccollections\nOrderedDict\n)RU\x01aK\x01s.')).toEqual({ kind: 'dict', entries });
    expect(read('ccollections\nCounter\n(}U\x01aK\x01stR.')).toEqual({ kind: 'dict', entries });
    expect(read('ccollections\ndefaultdict\n(cbuiltins\nlist\ntR.')).toEqual({
      kind: 'dict',
      entries: new Map(),
    });
    expect(read('cbuiltins\nset\n((K\x01ltR.')).toEqual(listOf(1));
    expect(read('ctorch\nSize\n((K\x01ttR.')).toMatchObject({ kind: 'tuple' });
  });

  it('refuses pickles that Python would refuse', () => {
    const wrong = [
      '.',
      '0.',
      '1.',
      '\x85.',
      'h\x05.',
      'e.',
      '(.',
      ')K\x01a.',
      '}K\x01a.',
      'NNs.',
      'NR.',
      'NNR.',
      'K\x01)R.',
    ];
    const alsoWrong = [
      '(K\x01d.',
      'NNb.',
      'Ix\n.',
      'F--\n.',
      "S'a\n.",
      'X\x01\0\0\0\xff.',
      '\x82\x01.',
      '\x97.',
      'NQ.',
      '\xff',
      'NN\x93.',
    ];
    for (const text of [...wrong, ...alsoWrong])
      expect(
        refusal(() => read(text)),
        JSON.stringify(text),
      ).toMatch(/^model-(invalid|unsupported)/u);
    // Values below a mark are out of reach.
    expect(refusal(() => read('K\x01K\x02(\x86.'))).toMatch(/damaged/u);
  });

  it('refuses lengths beyond the end before it allocates', () => {
    for (const code of ['X', 'T', 'B']) {
      const bytes = concat([ascii(code), little(0xffff_ffff, 4), ascii('.')]);
      expect(refusal(() => namingFile('a', () => readPickle(byteCursor(bytes))))).toMatch(
        /ends after 6 bytes/u,
      );
    }
    const huge = concat([[0x8d], little(2n ** 60n, 8), ascii('a.')]);
    expect(refusal(() => namingFile('a', () => readPickle(byteCursor(huge))))).toMatch(
      /larger than any file/u,
    );
    expect(refusal(() => read(`L${'1'.repeat(5000)}L\n.`))).toMatch(/more values than any checkpoint/u);
  });

  it('limits stack, containers and opcodes', () => {
    const repeated = (letter: string, count: number): Uint8Array<ArrayBuffer> =>
      new Uint8Array(count).fill(letter.charCodeAt(0));
    for (const [letter, count] of [
      ['N', 1_000_001],
      ['(', 1_000_001],
      [']', 1_000_001],
    ] as const)
      expect(refusal(() => namingFile('a', () => readPickle(byteCursor(repeated(letter, count)))))).toMatch(
        /more values/u,
      );
    const loop = new Uint8Array(11_000_000);
    for (let at = 0; at < loop.length; at += 2) loop.set([0x4e, 0x30], at);
    expect(refusal(() => namingFile('a', () => readPickle(byteCursor(loop))))).toMatch(/more values/u);
  });
});
