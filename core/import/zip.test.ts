import { crc32 as crcOfNode } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../export/crc32.ts';
import { namingFile } from './fileFault.ts';
import { ascii } from './testing/bytes.ts';
import { refusal } from './testing/messages.ts';
import { writeZip, type EntryToWrite } from './testing/zipWriter.ts';
import { openZip } from './zip.ts';

const text = (bytes: Uint8Array | null): string => String.fromCharCode(...(bytes ?? []));
const file = (name: string, content = 'content', rest: Partial<EntryToWrite> = {}): EntryToWrite => ({
  name,
  bytes: ascii(content),
  ...rest,
});
/** What opening the archive and reading all its entries is refused with. */
const refused = (entries: readonly EntryToWrite[]): string => refusedBytes(writeZip(entries));
const refusedBytes = (bytes: Uint8Array<ArrayBuffer>): string =>
  refusal(() =>
    namingFile('a.zip', () => {
      const zip = openZip(bytes);
      for (const { name } of zip.entries) zip.read(name);
    }),
  );

describe('openZip', () => {
  it('reads stored and deflated entries, zip64, sizes behind the data, comments', () => {
    const long = 'ab'.repeat(40_000);
    const entries = [
      file('a/one'),
      file('two', long, { deflate: true }),
      file('folder/', ''),
      file('empty', ''),
    ];
    for (const options of [{}, { zip64: true }, { descriptors: true }, { comment: 'PK\x05\x06 made here' }]) {
      const zip = openZip(writeZip(entries, options));
      expect(zip.entries.map(({ name, size }) => [name, size])).toEqual([
        ['a/one', 7],
        ['two', 80_000],
        ['empty', 0],
      ]);
      expect(text(zip.read('a/one'))).toBe('content');
      expect(zip.read('two')).toEqual(ascii(long));
      expect(zip.read('empty')).toHaveLength(0);
      expect(zip.read('three')).toBeNull();
    }
  });

  it('gives a stored entry as a part of the archive, without a copy', () => {
    const bytes = writeZip([file('a'), file('b', 'other')]);
    expect(openZip(bytes).read('b')?.buffer).toBe(bytes.buffer);
  });

  it('computes the CRC as zlib does, at every length', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, at) => (at * 73) % 251);
    for (let length = 0; length < 300; length += 1)
      expect(crc32(bytes.subarray(3, length))).toBe(crcOfNode(bytes.subarray(3, length)));
  });

  it('refuses a wrong CRC, unless 0 stands for none', () => {
    expect(refused([file('a', 'x', { claim: { crc: 1 } })])).toMatch(
      /^model-invalid: a.zip .*checksum.* a /u,
    );
    expect(refused([file('a', 'x', { claim: { crc: 0 } })])).toMatch(/checksum/u);
    const zip = openZip(writeZip([file('a', 'x', { claim: { crc: 0 } })]), { zeroMeansNoCrc: true });
    expect(text(zip.read('a'))).toBe('x');
  });

  it('refuses names that are there twice or lead out of the archive', () => {
    expect(refused([file('a'), file('a')])).toMatch(/a is there twice/u);
    for (const name of ['../a', 'a/../../b', '/etc/passwd', 'a\\..\\b', '..'])
      expect(refused([file(name)]), name).toMatch(/leads out of the archive/u);
    expect(text(openZip(writeZip([file('a..b/..c')])).read('a..b/..c'))).toBe('content');
  });

  it('refuses bombs before it allocates', () => {
    const mega = 2 ** 20;
    const claiming = (name: string, packed: number, size: number): EntryToWrite => ({
      name,
      bytes: new Uint8Array(packed),
      claim: { method: 8, size },
    });
    expect(refused([claiming('bomb', 100_000, 70 * mega)])).toMatch(/bomb would inflate to 73400320 bytes/u);
    // More than deflate can make of its bytes.
    expect(refused([claiming('a', 10, mega)])).toMatch(/would inflate/u);
    expect(refused([claiming('a', 10, 2 ** 32 - 2)])).toMatch(/would inflate/u);
    expect(refused([claiming('a', 12 * mega, 2 ** 31 + 1)])).toMatch(/would inflate/u);
    const many = [1, 2, 3, 4, 5].map((at) => claiming(`part${at}`, 100_000, 60 * mega));
    expect(refused(many)).toMatch(/it would inflate to 314572800 bytes/u);
  });

  it('refuses entries that inflate to another size than the directory says', () => {
    const content = 'abc'.repeat(100);
    for (const size of [0, 299, 301])
      expect(refused([file('a', content, { deflate: true, claim: { size } })])).toMatch(
        /a cannot be inflated/u,
      );
    const cut = { deflate: true, claim: { packedSize: 3 } };
    expect(refused([file('a', 'Some text without repeats', cut)])).toMatch(/a cannot be inflated/u);
    expect(refused([file('a', content, { claim: { method: 8 } })])).toMatch(/a cannot be inflated/u);
  });

  it('refuses entries that overlap, lie elsewhere, or have another name in the archive', () => {
    const inside = file('b', 'b', { claim: { at: 0 } });
    expect(refused([file('a'), inside])).toMatch(/b has another name/u);
    const nested = writeZip([file('in', 'x'.repeat(10))]);
    const start = nested.indexOf(0x01, 10);
    expect(start).toBeGreaterThan(0);
    const outer = writeZip([
      { name: 'out', bytes: nested.subarray(0, 46) },
      file('in', '', { claim: { at: 37 } }),
    ]);
    expect(refusedBytes(outer)).toMatch(/overlap/u);
    expect(refused([file('a', 'x', { claim: { at: 9999 } })])).toMatch(/not where the directory says/u);
    expect(refused([file('a', 'x', { claim: { packedSize: 500, size: 500 } })])).toMatch(
      /not where the directory/u,
    );
    expect(refused([file('a', 'x', { claim: { packedSize: 1, size: 2 } })])).toMatch(
      /not where the directory/u,
    );
  });

  it('says what it does not read', () => {
    expect(refused([file('a', 'x', { claim: { flags: 1 } })])).toMatch(/^model-unsupported: .*encrypted/u);
    expect(refused([file('a', 'x', { claim: { method: 12 } })])).toMatch(/^model-unsupported: .*method 12/u);
  });

  it('refuses every truncated archive', () => {
    const bytes = writeZip([file('a'), file('b', 'bb', { deflate: true })], { zip64: true });
    for (let length = 0; length < bytes.length; length += 1)
      expect(refusedBytes(bytes.subarray(0, length))).toMatch(/^model-invalid/u);
  });

  it('refuses sizes of 2^60', () => {
    const bytes = writeZip([file('a')], { zip64: true });
    const end = bytes.length - 22 - 20 - 56;
    for (const field of [24, 32, 40, 48]) {
      const changed = bytes.slice();
      changed[end + field + 7] = 0x10;
      expect(refusedBytes(changed)).toMatch(/^model-/u);
    }
  });
});
