/** Binary heap of strings, smallest first. */
export class MinHeap<T extends string> {
  readonly #items: T[] = [];

  constructor(items: readonly T[] = []) {
    for (const item of items) this.push(item);
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#less(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Removes and returns the smallest item; undefined when the heap is empty. */
  pop(): T | undefined {
    const items = this.#items;
    this.#swap(0, items.length - 1);
    const smallest = items.pop();
    for (let at = 0; ;) {
      let child = 2 * at + 1;
      if (child + 1 < items.length && this.#less(child + 1, child)) child += 1;
      if (child >= items.length || !this.#less(child, at)) return smallest;
      this.#swap(at, child);
      at = child;
    }
  }

  #less(a: number, b: number): boolean {
    const left = this.#items[a];
    const right = this.#items[b];
    return left !== undefined && right !== undefined && left < right;
  }

  #swap(a: number, b: number): void {
    const left = this.#items[a];
    const right = this.#items[b];
    if (left === undefined || right === undefined) return;
    this.#items[a] = right;
    this.#items[b] = left;
  }
}
