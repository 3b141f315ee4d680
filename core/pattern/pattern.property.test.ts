import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, matchPattern } from './pattern.ts';
import { inEnglish } from '../words/catalogues.ts';

function match(pattern: string, text: string): string[] | null {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) throw new Error(inEnglish(compiled.problem));
  return matchPattern(compiled.pattern, text);
}

/** Patterns without empty loops: engines differ in the groups that they capture there. */
const atoms = fc.constantFrom('a', 'b', '_', '\\d', '\\w', '.', '[ab]', '[^a]', '[0-9a]', '1');
const quantified = fc
  .tuple(atoms, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '*?', '+?', '??'))
  .map(([atom, quantifier]) => atom + quantifier);
const sequences = fc.array(quantified, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
const patterns = fc.oneof(
  sequences,
  fc.tuple(sequences, sequences).map(([a, b]) => `(${a})|${b}`),
  fc.tuple(sequences, sequences, sequences).map(([a, b, c]) => `^${a}(${b})(?:${c})$`),
  fc.tuple(sequences, sequences).map(([a, b]) => `\\b(${a})(?<x>${b})`),
);
const texts = fc.string({ unit: fc.constantFrom('a', 'b', '1', '_', '/', '.'), maxLength: 12 });

describe('patterns', () => {
  it('match what the regular expressions of JavaScript match, brackets too', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const expected = new RegExp(pattern).exec(text);
        const found = match(pattern, text);
        expect(found).toEqual(expected === null ? null : Array.from(expected, (part) => part ?? ''));
      }),
      { numRuns: 2000 },
    );
  });

  it('never throw, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'()[]{}|*+?\\^$.-ab1:<,>!=') }), (text) => {
        const compiled = compilePattern(text);
        if (!compiled.ok) expect(inEnglish(compiled.problem).length).toBeGreaterThan(5);
        else matchPattern(compiled.pattern, 'ab1/ab.png');
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['(', 'no “)”'],
    ['a)', 'without its “(”'],
    ['*a', 'repeats nothing'],
    ['(a)\\1', 'back-references'],
    ['(?=a)', 'look-ahead'],
    ['(?<!a)b', 'look-ahead'],
    ['[b-a]', 'not in order'],
    ['[a', 'ends in the middle'],
    ['a{5,2}', 'not in order'],
    [`${'('.repeat(40)}a${')'.repeat(40)}`, 'deep'],
    ['a'.repeat(501), 'longer'],
    ['((a{100}){100})', 'too large'],
  ])('refuse %s', (pattern, problem) => {
    const compiled = compilePattern(pattern);
    expect(compiled.ok ? '' : inEnglish(compiled.problem)).toContain(problem);
  });

  it('stay linear where backtracking takes for ever', () => {
    const text = `${'a'.repeat(4000)}!`;
    for (const evil of ['(a+)+$', '(a|a)*b', '(a|aa)+$', '(.*a){20}b', '(\\w*\\w*)*x']) match(evil, text);
    // With backtracking, the first pattern alone would take longer than the age of the universe.
    expect(match('(a+)+$', text)).toBeNull();
  });

  it('count characters, not their halves', () => {
    expect(match('^(.)_', '😀_1.png')).toEqual(['😀_', '😀']);
    expect(match('[😀-😂]+', 'x😁😂')).toEqual(['😁😂']);
  });
});
