/** The three x axes of a run, in the order in which x values are stored. */
export const X_AXES = ['step', 'epoch', 'time'] as const;
export type XAxis = (typeof X_AXES)[number];

/** One column of a table over the whole run, oldest first: an entry is one row or a bucket of neighbouring rows. */
export interface ColumnHistory {
  readonly x: Float64Array;
  /** Smallest and largest finite value of the entry; NaN where it has none. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  /** Number of finite rows in the entry. */
  readonly count: Float64Array;
  /** 1 where the smallest value came before the largest. */
  readonly isRising: Uint8Array;
}

interface TableSizes {
  /** Number of rows kept unreduced. */
  readonly windowRows: number;
  /** Number of buckets for the whole run; even. */
  readonly buckets: number;
}

const DEFAULT_SIZES: TableSizes = { windowRows: 16_384, buckets: 4096 };
const AXES = X_AXES.length;

/**
 * The metrics of one run in typed arrays of bounded size: the newest rows unreduced, and the whole run as min/max
 * buckets. When the buckets are full, neighbours are merged and each new one holds twice as many rows, so a row costs
 * constant time on average.
 */
export class SampleTable {
  readonly #columns: number;
  readonly #sizes: TableSizes;
  #window: Float64Array;
  #x: Float64Array;
  #min: Float64Array;
  #max: Float64Array;
  #sum: Float64Array;
  #count: Float64Array;
  #isRising: Uint8Array;
  #bucketCount = 0;
  #rowsPerBucket = 1;
  #length = 0;

  /** A table with `columns` y values per row. */
  constructor(columns: number, sizes: TableSizes = DEFAULT_SIZES) {
    this.#columns = columns;
    this.#sizes = sizes;
    this.#window = new Float64Array(sizes.windowRows * (AXES + columns));
    this.#x = new Float64Array(sizes.buckets * AXES);
    this.#min = new Float64Array(sizes.buckets * columns);
    this.#max = new Float64Array(sizes.buckets * columns);
    this.#sum = new Float64Array(sizes.buckets * columns);
    this.#count = new Float64Array(sizes.buckets * columns);
    this.#isRising = new Uint8Array(sizes.buckets * columns);
  }

  /** Number of rows added so far. */
  get length(): number {
    return this.#length;
  }

  /** Value of `column` in the newest row, or NaN. */
  last(column: number): number {
    return this.#length === 0 ? NaN : (this.#window[this.#rowAt(this.#length - 1) + AXES + column] ?? NaN);
  }

  /** X value of the newest row, or NaN. */
  lastX(axis: XAxis): number {
    return this.#length === 0 ? NaN : (this.#window[this.#rowAt(this.#length - 1) + axisIndex(axis)] ?? NaN);
  }

  /**
   * Adds a row; `x` is `[step, epoch, elapsedMs]`. Returns false and adds nothing for a step that is not after the last
   * one: a run resumed from a checkpoint repeats its steps with the same values.
   */
  append(x: readonly [number, number, number], values: readonly number[]): boolean {
    if (this.#length > 0 && !(x[0] > this.lastX('step'))) return false;
    const row = this.#rowAt(this.#length);
    this.#window.set(x, row);
    this.#window.set(values.slice(0, this.#columns), row + AXES);
    this.#addToBucket(x, values);
    this.#length += 1;
    return true;
  }

  /** The whole run of one column: buckets up to the window, then its rows one by one. */
  history(column: number, axis: XAxis): ColumnHistory {
    const firstInWindow = Math.max(0, this.#length - this.#sizes.windowRows);
    const buckets = Math.ceil(firstInWindow / this.#rowsPerBucket);
    const firstRow = buckets * this.#rowsPerBucket;
    const rows = Math.max(0, this.#length - firstRow);
    const history = emptyHistory(buckets + rows);
    for (let bucket = 0; bucket < buckets; bucket += 1) this.#copyBucket(history, bucket, column, axis);
    for (let row = 0; row < rows; row += 1) {
      this.#copyRow(history, buckets + row, this.#rowAt(firstRow + row), column, axis);
    }
    return history;
  }

  #rowAt(index: number): number {
    return (index % this.#sizes.windowRows) * (AXES + this.#columns);
  }

  #addToBucket(x: readonly number[], values: readonly number[]): void {
    if (this.#length === this.#bucketCount * this.#rowsPerBucket) this.#openBucket(x);
    const base = (this.#bucketCount - 1) * this.#columns;
    for (let column = 0; column < this.#columns; column += 1) {
      const value = values[column] ?? NaN;
      const at = base + column;
      if (!Number.isFinite(value)) continue;
      const min = this.#min[at] ?? NaN;
      const max = this.#max[at] ?? NaN;
      if (!(value >= min)) this.#isRising[at] = 0;
      if (!(value >= min)) this.#min[at] = value;
      if (!(value <= max)) this.#isRising[at] = 1;
      if (!(value <= max)) this.#max[at] = value;
      this.#sum[at] = (this.#sum[at] ?? 0) + value;
      this.#count[at] = (this.#count[at] ?? 0) + 1;
    }
  }

  #openBucket(x: readonly number[]): void {
    if (this.#bucketCount === this.#sizes.buckets) this.#mergeNeighbours();
    if (this.#length < this.#bucketCount * this.#rowsPerBucket) return;
    const bucket = this.#bucketCount;
    this.#bucketCount += 1;
    this.#x.set(x, bucket * AXES);
    const from = bucket * this.#columns;
    const to = from + this.#columns;
    this.#min.fill(NaN, from, to);
    this.#max.fill(NaN, from, to);
    this.#sum.fill(0, from, to);
    this.#count.fill(0, from, to);
    this.#isRising.fill(0, from, to);
  }

  #mergeNeighbours(): void {
    const half = this.#sizes.buckets / 2;
    for (let bucket = 0; bucket < half; bucket += 1) {
      this.#x.copyWithin(bucket * AXES, 2 * bucket * AXES, (2 * bucket + 1) * AXES);
      for (let column = 0; column < this.#columns; column += 1) this.#mergeCell(bucket, column);
    }
    this.#bucketCount = half;
    this.#rowsPerBucket *= 2;
  }

  #mergeCell(bucket: number, column: number): void {
    const to = bucket * this.#columns + column;
    const left = 2 * bucket * this.#columns + column;
    const right = left + this.#columns;
    const [leftMin, rightMin] = [this.#min[left] ?? NaN, this.#min[right] ?? NaN];
    const [leftMax, rightMax] = [this.#max[left] ?? NaN, this.#max[right] ?? NaN];
    const isMinRight = !(leftMin <= rightMin) && !Number.isNaN(rightMin);
    const isMaxRight = !(leftMax >= rightMax) && !Number.isNaN(rightMax);
    const inner = isMinRight ? this.#isRising[right] : this.#isRising[left];
    this.#min[to] = isMinRight ? rightMin : leftMin;
    this.#max[to] = isMaxRight ? rightMax : leftMax;
    this.#isRising[to] = isMinRight === isMaxRight ? (inner ?? 0) : Number(isMaxRight);
    this.#sum[to] = (this.#sum[left] ?? 0) + (this.#sum[right] ?? 0);
    this.#count[to] = (this.#count[left] ?? 0) + (this.#count[right] ?? 0);
  }

  #copyBucket(history: ColumnHistory, bucket: number, column: number, axis: XAxis): void {
    const at = bucket * this.#columns + column;
    const count = this.#count[at] ?? 0;
    history.x[bucket] = this.#x[bucket * AXES + axisIndex(axis)] ?? NaN;
    history.min[bucket] = this.#min[at] ?? NaN;
    history.max[bucket] = this.#max[at] ?? NaN;
    history.mean[bucket] = count === 0 ? NaN : (this.#sum[at] ?? NaN) / count;
    history.count[bucket] = count;
    history.isRising[bucket] = this.#isRising[at] ?? 0;
  }

  #copyRow(history: ColumnHistory, entry: number, row: number, column: number, axis: XAxis): void {
    const value = this.#window[row + AXES + column] ?? NaN;
    history.x[entry] = this.#window[row + axisIndex(axis)] ?? NaN;
    history.min[entry] = value;
    history.max[entry] = value;
    history.mean[entry] = value;
    history.count[entry] = Number.isFinite(value) ? 1 : 0;
  }
}

function axisIndex(axis: XAxis): number {
  return X_AXES.indexOf(axis);
}

function emptyHistory(length: number): ColumnHistory {
  return {
    x: new Float64Array(length),
    min: new Float64Array(length),
    max: new Float64Array(length),
    mean: new Float64Array(length),
    count: new Float64Array(length),
    isRising: new Uint8Array(length),
  };
}
