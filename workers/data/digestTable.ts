import { growTo } from './growTo.ts';

/** Bytes of a SHA-1. */
const DIGEST_BYTES = 20;

/** One digest for each picture, 20 bytes each. */
export class DigestTable {
  private bytes = new Uint8Array(64 * DIGEST_BYTES);
  private isWhole = new Uint8Array(64);
  private count = 0;

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

  /** The digest of a picture as 40 hexadecimal digits. */
  hexAt(index: number): string {
    return Buffer.from(this.bytes.buffer, index * DIGEST_BYTES, DIGEST_BYTES).toString('hex');
  }

  /** The digests of these pictures, in this order. */
  pick(indices: Uint32Array): DigestTable {
    const picked = new DigestTable();
    for (const index of indices)
      picked.add(
        this.bytes.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES),
        this.isWholeAt(index),
      );
    return picked;
  }

  /** Pairs of a picture here and one there with the same digest, the first here for each there. */
  sharedWith(there: DigestTable): { here: number; there: number }[] {
    const beginnings = new Map<number, number>();
    for (let index = this.count - 1; index >= 0; index--) beginnings.set(this.beginningOf(index), index);
    const pairs: { here: number; there: number }[] = [];
    for (let index = 0; index < there.count; index++) {
      const here = beginnings.get(there.beginningOf(index));
      if (here !== undefined && this.hexAt(here) === there.hexAt(index)) pairs.push({ here, there: index });
    }
    return pairs;
  }

  isWholeAt(index: number): boolean {
    return this.isWhole[index] === 1;
  }

  /** Groups of two and more with the same digest, as ascending numbers, in the order of their first members. */
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

  /** Sorting the first 48 bits as numbers finds the few that need a closer look, without a string for each picture. */
  private repeatedBeginnings(): Set<number> {
    const sorted = Float64Array.from({ length: this.count }, (_, index) => this.beginningOf(index)).sort();
    const found = new Set<number>();
    for (let at = 1; at < sorted.length; at++) {
      const value = sorted[at] ?? 0;
      if (value === sorted[at - 1]) found.add(value);
    }
    return found;
  }

  private beginningOf(index: number): number {
    let value = 0;
    for (let at = index * DIGEST_BYTES; at < index * DIGEST_BYTES + 6; at++)
      value = value * 256 + (this.bytes[at] ?? 0);
    return value;
  }
}
