/** Inclusive ranges of code points. `negated`: all code points outside the ranges. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [number, number])[];
  readonly negated: boolean;
}

const DIGITS: CharacterSet['ranges'] = [[0x30, 0x39]];
const WORD: CharacterSet['ranges'] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const SPACE: CharacterSet['ranges'] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x2028, 0x2029],
  [0x3000, 0x3000],
];
const LAST_CODE_POINT = 0x10_ffff;

export const ANY: CharacterSet = { ranges: [[0x0a, 0x0a]], negated: true };

export function isIn({ ranges, negated }: CharacterSet, code: number): boolean {
  return ranges.some(([from, to]) => code >= from && code <= to) !== negated;
}

export function oneCharacter(code: number): CharacterSet {
  return { ranges: [[code, code]], negated: false };
}

/** Returns the set of an escape, such as `d` of `\d`; null for a letter that denotes no set. */
export function escapedSet(letter: string): CharacterSet | null {
  const negated = letter !== letter.toLowerCase();
  switch (letter.toLowerCase()) {
    case 'd':
      return { ranges: DIGITS, negated };
    case 'w':
      return { ranges: WORD, negated };
    case 's':
      return { ranges: SPACE, negated };
    default:
      return null;
  }
}

export function isWordCode(code: number | undefined): boolean {
  return code !== undefined && isIn({ ranges: WORD, negated: false }, code);
}

/** Returns the ranges of a set with the negation resolved. */
export function plainRanges({ ranges, negated }: CharacterSet): CharacterSet['ranges'] {
  if (!negated) return ranges;
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  return next > LAST_CODE_POINT ? gaps : [...gaps, [next, LAST_CODE_POINT]];
}
