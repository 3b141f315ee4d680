import { describe, expect, it } from 'vitest';
import { CHINESE } from './chinese.ts';
import { ENGLISH } from './english.ts';
import type { Catalogue } from './wordMessage.ts';

function textsOf(texts: Catalogue['texts']): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([subject, table]) =>
      Object.entries(table).map(([name, text]): [string, string] => [`${subject}.${name}`, text]),
    ),
  );
}

function placesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}

const english = textsOf(ENGLISH);
const chinese = textsOf(CHINESE);

describe('Chinese texts', () => {
  it('have the names of the English ones', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english])('%s has the same places', (key, text) => {
    // A language without plurals may omit `count` where the number only selects the form.
    const required = (names: string[]): string[] => names.filter((name) => name !== 'count');
    const translated = placesOf(chinese.get(key) ?? '');
    expect(required(translated)).toEqual(required(placesOf(text)));
    for (const name of translated) expect(placesOf(text)).toContain(name);
  });

  it('are Chinese', () => {
    const isWords = (key: string): boolean =>
      /[a-z]/i.test(english.get(key)?.replaceAll(/\{\w+\}/g, '') ?? '');
    const without = [...chinese].filter(([key, text]) => isWords(key) && !/\p{Script=Han}/u.test(text));
    expect(without).toEqual([]);
  });
});

describe.each([
  ['English', english],
  ['Chinese', chinese],
])('%s texts', (_, texts) => {
  it('are not empty, and have several forms only for a count', () => {
    for (const [key, text] of texts) {
      expect(text, key).not.toBe('');
      if (text.includes(' | ')) expect(placesOf(text), key).toContain('count');
    }
  });
});
