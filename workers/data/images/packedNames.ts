import { growTo } from './growTo.ts';

/** Many names in one buffer, in UTF-8: a third of the memory of as many strings. */
export class PackedNames {
  private bytes = Buffer.alloc(1024);
  /** Offset of the end of each name. */
  private ends = new Float64Array(64);
  /** Names that UTF-8 cannot represent (lone surrogates, on Windows). */
  private readonly odd = new Map<number, string>();
  private count = 0;

  get length(): number {
    return this.count;
  }

  add(name: string): void {
    const start = this.endOf(this.count - 1);
    const end = start + Buffer.byteLength(name);
    if (end > this.bytes.length)
      this.bytes = Buffer.concat([this.bytes], Math.max(end, this.bytes.length * 2));
    this.bytes.write(name, start, 'utf8');
    if (/\p{Surrogate}/u.test(name)) this.odd.set(this.count, name);
    this.ends = growTo(this.ends, this.count + 1);
    this.ends[this.count++] = end;
  }

  /** Throws nothing: an index out of range returns ''. */
  at(index: number): string {
    if (index < 0 || index >= this.count) return '';
    return this.odd.get(index) ?? this.bytes.toString('utf8', this.endOf(index - 1), this.endOf(index));
  }

  private endOf(index: number): number {
    return this.ends[index] ?? 0;
  }
}
