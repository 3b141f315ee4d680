/**
 * Characters that hide a text, break its line or reverse its direction: control characters (C0 and C1), line and
 * paragraph separators, direction marks and overrides, zero-width and other invisible characters, soft hyphens, tags,
 * lone surrogates. Variation selectors are not included: they select the form of a visible character.
 */
const UNSEEN = /(?![\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Returns the text in a form that is safe to show on one line: invisible characters are escaped, as in `\u{202e}`. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** The same for a text of several lines: line breaks and tabs are kept. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** Returns JSON text with the same characters as JSON escapes; it parses to the same value. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (character) =>
    Array.from({ length: character.length }, (_, at) => unitEscape(character.charCodeAt(at))).join(''),
  );
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
