import { growTo } from './growTo.ts';

/** Bytes of a SHA-1 digest. */
export const DIGEST_BYTES = 20;

/** One digest per image, 20 bytes each. */
export class DigestTable {
  private bytes = new Uint8Array(64 * DIGEST_BYTES);
  private isWhole = new Uint8Array(64);
  private count = 0;

  /** The table of concatenated digests; no digest counts as whole. */
  static fromPacked(bytes: Uint8Array): DigestTable {
    const table = new DigestTable();
    table.bytes = Uint8Array.from(bytes);
    table.count = Math.floor(bytes.length / DIGEST_BYTES);
    table.isWhole = new Uint8Array(table.count);
    return table;
  }

  /** `isWhole`: the digest covers all bytes of the file. */
  add(digest: Uint8Array, isWhole: boolean): void {
    this.bytes = growTo(this.bytes, (this.count + 1) * DIGEST_BYTES);
    this.isWhole = growTo(this.isWhole, this.count + 1);
    this.bytes.set(digest, this.count * DIGEST_BYTES);
    this.isWhole[this.count++] = isWhole ? 1 : 0;
  }

  get length(): number {
    return this.count;
  }

  /** The digest of an image as 40 hexadecimal digits. */
  hexAt(index: number): string {
    return Buffer.from(this.bytes.buffer, index * DIGEST_BYTES, DIGEST_BYTES).toString('hex');
  }

  /** The digests of these images, in this order. */
  pick(indices: Uint32Array): DigestTable {
    const picked = new DigestTable();
    picked.bytes = new Uint8Array(indices.length * DIGEST_BYTES);
    picked.isWhole = new Uint8Array(indices.length);
    picked.count = indices.length;
    indices.forEach((index, at) => {
      picked.bytes.set(this.bytesAt(index), at * DIGEST_BYTES);
      picked.isWhole[at] = this.isWhole[index] ?? 0;
    });
    return picked;
  }

  /**
   * Pairs of images with the same digest, one of this table and one of the other: for each image of the other, the
   * first one of this.
   */
  sharedWith(there: DigestTable): { here: number; there: number }[] {
    const find = this.finder();
    const pairs: { here: number; there: number }[] = [];
    for (let index = 0; index < there.count; index++) {
      const [here] = find(there, index);
      if (here !== undefined) pairs.push({ here, there: index });
    }
    return pairs;
  }

  /**
   * Returns a function that finds, in ascending order, the images of this table that have the digest of image `index`
   * of another table.
   */
  finder(): (there: DigestTable, index: number) => number[] {
    const first = new Map<number, number>();
    const next = new Int32Array(this.count);
    for (let index = this.count - 1; index >= 0; index--) {
      const beginning = this.beginningOf(index);
      next[index] = first.get(beginning) ?? -1;
      first.set(beginning, index);
    }
    return (there, index) => {
      const found: number[] = [];
      for (let at = first.get(there.beginningOf(index)) ?? -1; at >= 0; at = next[at] ?? -1)
        if (this.isSame(at, there, index)) found.push(at);
      return found;
    };
  }

  /** All digests concatenated in ascending order: independent of the order of the images. */
  sorted(): Uint8Array {
    const beginnings = Float64Array.from({ length: this.count }, (_, index) => this.beginningOf(index));
    const order = Uint32Array.from({ length: this.count }, (_, index) => index).sort(
      (a, b) =>
        (beginnings[a] ?? 0) - (beginnings[b] ?? 0) || Buffer.compare(this.bytesAt(a), this.bytesAt(b)),
    );
    return this.pick(order).packed();
  }

  /** All digests concatenated, `DIGEST_BYTES` each. */
  packed(): Uint8Array {
    return this.bytes.subarray(0, this.count * DIGEST_BYTES);
  }

  isWholeAt(index: number): boolean {
    return this.isWhole[index] === 1;
  }

  /** Groups of two or more images with the same digest, as ascending indices, in the order of their first members. */
  repeated(): number[][] {
    const groups = new Map<string, number[]>();
    const candidates = this.repeatedBeginnings();
    for (let index = 0; index < this.count && candidates.size > 0; index++) {
      if (!candidates.has(this.beginningOf(index))) continue;
      const digest = Buffer.from(this.bytes.buffer, index * DIGEST_BYTES, DIGEST_BYTES).toString('latin1');
      const group = groups.get(digest);
      if (group === undefined) groups.set(digest, [index]);
      else group.push(index);
    }
    return [...groups.values()].filter((group) => group.length > 1);
  }

  /**
   * Sorting the first 48 bits as numbers finds the few candidates for a full comparison, without a string per image.
   */
  private repeatedBeginnings(): Set<number> {
    const sorted = Float64Array.from({ length: this.count }, (_, index) => this.beginningOf(index)).sort();
    const found = new Set<number>();
    for (let at = 1; at < sorted.length; at++) {
      const value = sorted[at] ?? 0;
      if (value === sorted[at - 1]) found.add(value);
    }
    return found;
  }

  private isSame(here: number, other: DigestTable, there: number): boolean {
    for (let at = 0; at < DIGEST_BYTES; at++)
      if (this.bytes[here * DIGEST_BYTES + at] !== other.bytes[there * DIGEST_BYTES + at]) return false;
    return true;
  }

  private bytesAt(index: number): Uint8Array {
    return this.bytes.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
  }

  private beginningOf(index: number): number {
    let value = 0;
    for (let at = index * DIGEST_BYTES; at < index * DIGEST_BYTES + 6; at++)
      value = value * 256 + (this.bytes[at] ?? 0);
    return value;
  }
}
