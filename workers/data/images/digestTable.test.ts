import { describe, expect, it } from 'vitest';
import { openStream } from '#core/training/random.ts';
import { DIGEST_BYTES, DigestTable } from './digestTable.ts';

/** Random digests; many begin with the same bytes, and some are equal. */
function digests(count: number): Uint8Array[] {
  const random = openStream(3, 'digests');
  return Array.from({ length: count }, (_, at) => {
    const digest = Uint8Array.from({ length: DIGEST_BYTES }, () => random.below(256));
    if (at % 3 === 0) digest.fill(7, 0, 8);
    if (at % 5 === 0) digest.fill(1, 8);
    return digest;
  });
}

function tableOf(all: readonly Uint8Array[]): DigestTable {
  const table = new DigestTable();
  for (const [at, digest] of all.entries()) table.add(digest, at % 2 === 0);
  return table;
}

describe('a table of digests', () => {
  it('is sorted by all bytes, whatever the order of its images', () => {
    const all = digests(2_000);
    const wanted = Buffer.concat([...all].sort((a, b) => Buffer.compare(a, b)));
    expect(Buffer.compare(tableOf(all).sorted(), wanted)).toBe(0);
    expect(Buffer.compare(tableOf([...all].reverse()).sorted(), wanted)).toBe(0);
    expect(new DigestTable().sorted()).toHaveLength(0);
  });

  it('gives some of its images in any order, and grows further', () => {
    const all = digests(300);
    const picked = tableOf(all).pick(Uint32Array.of(299, 0, 7, 7));
    expect(Array.from({ length: 4 }, (_, at) => picked.hexAt(at))).toEqual(
      [299, 0, 7, 7].map((at) => Buffer.from(all[at] ?? []).toString('hex')),
    );
    expect(Array.from({ length: 4 }, (_, at) => picked.isWholeAt(at))).toEqual([false, true, false, false]);
    picked.add(all[1] ?? new Uint8Array(), true);
    expect(picked.length).toBe(5);
    expect(picked.hexAt(4)).toBe(Buffer.from(all[1] ?? []).toString('hex'));
    expect(picked.hexAt(0)).toBe(Buffer.from(all[299] ?? []).toString('hex'));
  });
});
