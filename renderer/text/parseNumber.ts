/** The limits of a number field. `exclusiveMin`: `min` itself is refused. */
export interface NumberLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly integer?: boolean | undefined;
  readonly exclusiveMin?: boolean | undefined;
}

/**
 * Why a text is refused: `comma` and `ambiguous` for text that is read as different numbers in different countries.
 */
export type NumberRefusal =
  | 'empty'
  | 'not-a-number'
  | 'comma'
  | 'ambiguous'
  | 'not-finite'
  | 'too-close-to-zero'
  | 'not-an-integer'
  | 'too-small'
  | 'not-above'
  | 'too-large';

export type ParsedNumber =
  { readonly ok: true; readonly value: number } | { readonly ok: false; readonly reason: NumberRefusal };

const NUMBER_PATTERN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Digits in groups of three, as in `1,000,000`, with one separator throughout; then decimals or an exponent. */
const GROUPED_PATTERN =
  /^[+-]?[1-9]\d{0,2}(?:([,\u0020\u00a0\u2009\u202f'\u2019])\d{3})(?:\1\d{3})*(?![\d,])/;
/** `1.000` where only integers are allowed: a thousand in some countries, one in others. */
const POINT_GROUPED_PATTERN = /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/;

/**
 * Parses typed text and checks it against the limits: `0.9`, `.5`, `1e-5`, `1,000`, `1_000`, `1 000`, and full-width
 * digits and signs, as Chinese input methods type them. A point always marks decimals and a comma always separates
 * thousands; ambiguous text (`1,5`) is refused, never truncated.
 */
export function parseNumber(text: string, limits: NumberLimits): ParsedNumber {
  const tidy = withoutSeparators(toHalfWidth(text).trim());
  if (tidy === '') return { ok: false, reason: 'empty' };
  if (tidy.includes(',') && /^[-+.,\d]*$/.test(tidy)) return { ok: false, reason: 'comma' };
  if (!NUMBER_PATTERN.test(tidy)) return { ok: false, reason: 'not-a-number' };
  if (limits.integer && POINT_GROUPED_PATTERN.test(tidy)) return { ok: false, reason: 'ambiguous' };
  const value = Number(tidy) + 0; // -0 would be shown as 0
  if (value === 0 && /[1-9]/.test(tidy.replace(/e.*$/i, '')))
    return { ok: false, reason: 'too-close-to-zero' };
  return withinLimits(value, limits);
}

function withinLimits(value: number, limits: NumberLimits): ParsedNumber {
  if (limits.integer && !Number.isInteger(value) && Number.isFinite(value))
    return { ok: false, reason: 'not-an-integer' };
  const min = limits.min ?? -Infinity;
  if (limits.exclusiveMin && value <= min) return { ok: false, reason: 'not-above' };
  if (value < min) return { ok: false, reason: 'too-small' };
  if (value > (limits.max ?? Infinity)) return { ok: false, reason: 'too-large' };
  // Beyond 2^53 not every integer can be represented: another one would be shown.
  const isHeld = limits.integer ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isHeld ? { ok: true, value } : { ok: false, reason: 'not-finite' };
}

/**
 * `１，０００。５` -> `1,000.5`: the printable ASCII signs of full width, the ideographic full stop and space, the minus sign.
 */
function toHalfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3002', '.')
    .replaceAll('\u3000', ' ')
    .replaceAll('\u2212', '-');
}

/** Removes correctly placed separators of thousands: `_` between any two digits, others between groups of three. */
function withoutSeparators(text: string): string {
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '');
  const [grouped, separator] = GROUPED_PATTERN.exec(plain) ?? [];
  if (grouped === undefined || separator === undefined) return plain;
  return grouped.replaceAll(separator, '') + plain.slice(grouped.length);
}

/** Shortest text that parses to the same number; small ones as `1e-5`. */
export function printNumber(value: number): string {
  const plain = String(value);
  if (value !== 0 && Math.abs(value) < 1e-3) {
    const short = value.toExponential().replace('e+', 'e');
    return short.length < plain.length ? short : plain;
  }
  return plain;
}
