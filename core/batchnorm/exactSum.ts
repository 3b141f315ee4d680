/**
 * A sum whose value does not depend on the order of its terms: the exact sum, rounded once (Shewchuk 1997, "Adaptive
 * precision floating-point arithmetic"; as Python's math.fsum). This holds while no partial sum overflows.
 */
export class ExactSum {
  /** Numbers of increasing magnitude whose bits do not overlap; the sum of all terms is exactly their sum. */
  readonly #parts: number[] = [];

  add(term: number): void {
    const parts = this.#parts;
    let rest = term;
    let kept = 0;
    for (const part of parts) {
      const [large, small] = Math.abs(rest) < Math.abs(part) ? [part, rest] : [rest, part];
      const sum = large + small;
      const error = small - (sum - large);
      if (error !== 0) {
        parts[kept] = error;
        kept += 1;
      }
      rest = sum;
    }
    parts[kept] = rest;
    parts.length = kept + 1;
  }

  /** The sum, rounded to the nearest number, ties to even. */
  value(): number {
    const parts = this.#parts;
    let at = parts.length - 1;
    let sum = parts[at] ?? 0;
    let error = 0;
    while (at > 0 && error === 0) {
      at -= 1;
      const part = parts[at] ?? 0;
      const next = sum + part;
      error = part - (next - sum);
      sum = next;
    }
    // Half way between two numbers: the smaller parts decide in which direction to round.
    const below = parts[at - 1] ?? 0;
    if ((error < 0 && below < 0) || (error > 0 && below > 0)) {
      const doubled = 2 * error;
      const moved = sum + doubled;
      if (doubled === moved - sum) sum = moved;
    }
    return sum;
  }
}
