import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';

const images = [
  { file: 'b/1.png', sizeBytes: 20 },
  { file: 'a/2.png', sizeBytes: 10 },
];

describe('fingerprint', () => {
  it('is the SHA-256 of the sorted names and sizes', () => {
    const expected = createHash('sha256').update('a/2.png\x0010\nb/1.png\x0020\n').digest('hex');
    expect(fingerprint({ images })).toBe(expected);
    expect(fingerprint({ images: images.toReversed() })).toBe(expected);
  });

  it('tells another size and another choice', () => {
    expect(fingerprint({ images: [{ file: 'b/1.png', sizeBytes: 21 }] })).not.toBe(
      fingerprint({ images }, Uint32Array.of(0)),
    );
    expect(fingerprint({ images }, Uint32Array.of(1))).toBe(fingerprint({ images: images.slice(1) }));
  });
});
