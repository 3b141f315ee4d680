import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inEnglish, inLanguage } from '../words/catalogues.ts';
import { message } from '../words/message.ts';
import { ownIssue, partOfIssue, schemaIssue } from './schemaIssue.ts';

type Issue = z.core.$ZodIssue;

/** Returns the first issue of a value that does not match the schema. */
function issueOf(schema: z.ZodType, value: unknown): Issue {
  const parsed = schema.safeParse(value, { reportInput: true });
  const [issue] = parsed.error?.issues ?? [];
  if (issue === undefined) throw new Error('the value fits');
  return issue;
}

const kinds = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('a') }),
  z.object({ kind: z.literal('b') }),
]);
const ownKey = z.record(z.string().regex(/^x$/), z.number());

describe('an issue of a schema', () => {
  it.each([
    [z.string(), 1],
    [z.number(), undefined],
    [z.number(), null],
    [z.number(), NaN],
    [z.array(z.number()), {}],
    [z.object({}), []],
    [z.number().int(), 0.5],
    [z.number().int().min(3), 2],
    [z.number().max(5), 6],
    [z.number().positive(), 0],
    [z.number().multipleOf(2), 3],
    [z.string().min(2), 'a'],
    [z.string().max(2), 'abc'],
    [z.array(z.number()).min(2), [1]],
    [z.array(z.number()).length(2), [1]],
    [z.string().regex(/^a+$/), 'b'],
    [z.literal('normlab-run'), 'x'],
    [z.enum(['stretch', 'fit']), 'x'],
    [z.union([z.literal(1), z.literal(3)]), 2],
    [kinds, { kind: 'c' }],
  ])('has the words of zod in English, and Chinese ones: %#', (schema, value) => {
    const issue = issueOf(schema, value);
    expect(inEnglish(schemaIssue(issue))).toBe(issue.message);
    expect(inLanguage(schemaIssue(issue), 'zh-CN')).toMatch(/\p{Script=Han}/u);
  });

  it('is a part of a sentence without saying twice that something is invalid', () => {
    expect(inEnglish(partOfIssue(issueOf(z.string(), 1)))).toBe('expected string, received number');
    expect(inEnglish(partOfIssue(issueOf(z.literal(3), 1)))).toBe('expected 3');
    expect(inEnglish(partOfIssue(issueOf(z.strictObject({}), { odd: 1 })))).toBe('this field is unknown');
    expect(inEnglish(partOfIssue(issueOf(ownKey, { y: 1 })))).toBe(
      'Invalid string: must match pattern /^x$/',
    );
  });

  it('says what a check of our own says', () => {
    const said = message('schema.fewerFolds');
    expect(
      partOfIssue(
        issueOf(
          z.number().refine(() => false, ownIssue(said)),
          1,
        ),
      ),
    ).toEqual(said);
    const nested = z.custom<string>(() => true).superRefine((_, context) => context.addIssue(ownIssue(said)));
    expect(partOfIssue(issueOf(nested, ''))).toEqual(said);
    expect(
      inEnglish(
        partOfIssue(
          issueOf(
            z.number().refine(() => false, 'plain'),
            1,
          ),
        ),
      ),
    ).toBe('plain');
  });
});
