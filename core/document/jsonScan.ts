/** Where a text stops being valid JSON: at a wrong character, or because it ends too early. */
export type JsonScan =
  | { readonly kind: 'complete' }
  | { readonly kind: 'truncated'; readonly at: number }
  | { readonly kind: 'wrong'; readonly at: number };

const SPACE = /[ \t\r\n]*/y;
/**
 * A punctuation mark or a scalar. Strings are scanned by code, because a regular expression over a string of millions
 * of characters overflows the engine's stack.
 */
const TOKEN = /([{}[\],:])|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\d.eE+-])|true|false|null/y;
/** A scalar that is cut off by the end of the text. */
const CUT_SCALAR = /(?:-?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][+-]?\d*)?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/y;
/** An escape sequence, complete or cut off by the end of the text. */
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const CUT_ESCAPE = /\\(?:u[\da-fA-F]{0,3})?$/y;

type Wanted = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'nothing';

/**
 * Distinguishes a truncated file from a file that is not JSON, independently of the engine's error message. `at` counts
 * characters from 0. Called only after `JSON.parse` has failed.
 */
export function scanJson(text: string): JsonScan {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  let at = 0;
  for (;;) {
    at = behind(SPACE, text, at) ?? at;
    if (at === text.length) return wanted === 'nothing' ? { kind: 'complete' } : { kind: 'truncated', at };
    const token = tokenAt(text, at);
    if (token.kind === 'cut' && wanted !== 'nothing') return { kind: 'truncated', at: text.length };
    const next: Wanted | null = token.kind === 'token' ? step(wanted, token.name, open) : null;
    if (token.kind !== 'token' || next === null) return { kind: 'wrong', at };
    wanted = next;
    at = token.end;
  }
}

type Token =
  | { readonly kind: 'token'; readonly name: string; readonly end: number }
  | { readonly kind: 'cut' | 'wrong' };

/** Returns the token that begins at `at`: a punctuation mark, 'string' or 'scalar'. */
function tokenAt(text: string, at: number): Token {
  if (text[at] === '"') return stringAt(text, at);
  const end = behind(TOKEN, text, at);
  if (end === null) return { kind: behind(CUT_SCALAR, text, at) === null ? 'wrong' : 'cut' };
  const mark = text.slice(at, at + 1);
  return { kind: 'token', name: '{}[],:'.includes(mark) ? mark : 'scalar', end };
}

function stringAt(text: string, start: number): Token {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return { kind: 'token', name: 'string', end: at + 1 };
    if (code < FIRST_PRINTABLE) return { kind: 'wrong' };
    const next = code === BACKSLASH ? behind(ESCAPE, text, at) : at + 1;
    if (next === null) return { kind: behind(CUT_ESCAPE, text, at) === null ? 'wrong' : 'cut' };
    at = next;
  }
  return { kind: 'cut' };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

/** Returns the end of a match of the sticky `pattern` at `at`; null when there is none. */
function behind(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

/**
 * Returns what may follow `token` (a punctuation mark, 'string' or 'scalar'); null when the token is not allowed here.
 */
function step(wanted: Wanted, token: string, open: ('{' | '[')[]): Wanted | null {
  const isValuePlace = wanted === 'value' || wanted === 'valueOrEnd';
  if (token === '{' || token === '[') {
    if (!isValuePlace) return null;
    open.push(token);
    return token === '{' ? 'keyOrEnd' : 'valueOrEnd';
  }
  if (token === '}' || token === ']') return close(wanted, token, open);
  if (token === ':') return wanted === 'colon' ? 'value' : null;
  if (token === ',') return wanted === 'commaOrEnd' ? (open.at(-1) === '{' ? 'key' : 'value') : null;
  if (token === 'string' && (wanted === 'key' || wanted === 'keyOrEnd')) return 'colon';
  return isValuePlace ? afterValue(open) : null;
}

function close(wanted: Wanted, token: '}' | ']', open: ('{' | '[')[]): Wanted | null {
  const opener = token === '}' ? '{' : '[';
  const emptyEnd = token === '}' ? 'keyOrEnd' : 'valueOrEnd';
  if (open.at(-1) !== opener || (wanted !== 'commaOrEnd' && wanted !== emptyEnd)) return null;
  open.pop();
  return afterValue(open);
}

function afterValue(open: readonly ('{' | '[')[]): Wanted {
  return open.length > 0 ? 'commaOrEnd' : 'nothing';
}
