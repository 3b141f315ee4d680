/** What a number field accepts. `exclusiveMin`: `min` itself is refused. */
export interface NumberLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly integer?: boolean | undefined;
  readonly exclusiveMin?: boolean | undefined;
}

export type ParsedNumber =
  | { readonly ok: true; readonly value: number }
  | {
      readonly ok: false;
      readonly reason:
        'empty' | 'not-a-number' | 'not-finite' | 'not-an-integer' | 'too-small' | 'not-above' | 'too-large';
    };

const NUMBER_PATTERN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads what a person typed (`0.9`, `1e-5`, `,9` as in many countries) and checks it against the limits. */
export function parseNumber(text: string, limits: NumberLimits): ParsedNumber {
  const tidy = text.trim().replace(',', '.');
  if (tidy === '') return { ok: false, reason: 'empty' };
  if (!NUMBER_PATTERN.test(tidy)) return { ok: false, reason: 'not-a-number' };
  const value = Number(tidy);
  if (limits.integer && !Number.isInteger(value)) return { ok: false, reason: 'not-an-integer' };
  const min = limits.min ?? -Infinity;
  if (limits.exclusiveMin && value <= min) return { ok: false, reason: 'not-above' };
  if (value < min) return { ok: false, reason: 'too-small' };
  if (value > (limits.max ?? Infinity)) return { ok: false, reason: 'too-large' };
  if (!Number.isFinite(value)) return { ok: false, reason: 'not-finite' };
  return { ok: true, value };
}

/** Shortest text that reads back as the same number; small ones as `1e-5`. */
export function printNumber(value: number): string {
  const plain = String(value);
  if (value !== 0 && Math.abs(value) < 1e-3) {
    const short = value.toExponential().replace('e+', 'e');
    return short.length < plain.length ? short : plain;
  }
  return plain;
}
