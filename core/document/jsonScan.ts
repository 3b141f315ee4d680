/** Where a text stops being JSON: in its middle by a wrong character, or because it ends too early. */
export type JsonScan =
  | { readonly kind: 'complete' }
  | { readonly kind: 'truncated'; readonly at: number }
  | { readonly kind: 'wrong'; readonly at: number };

/** Space, then one token; the last alternatives are tokens cut off by the end of the text. */
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\d.eE+-])|true|false|null))/y;
const CUT_TOKEN =
  /[ \t\r\n]*(?:"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*(?:\\(?:u[\da-fA-F]{0,3})?)?|-?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][+-]?\d*)?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/y;

type Wanted = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'nothing';

/**
 * Tells a file cut off in its middle from one that never was JSON, whatever the engine's own error says. `at` counts characters
 * from 0. Only asked after `JSON.parse` has failed.
 */
export function scanJson(text: string): JsonScan {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return wrongOrCut(text, at, wanted);
    const [whole, mark] = match;
    const next = step(wanted, mark ?? (match[2] === undefined ? 'scalar' : 'string'), open);
    if (next === null) return { kind: 'wrong', at: at + whole.length - whole.trimStart().length };
    wanted = next;
    at += whole.length;
  }
}

function wrongOrCut(text: string, at: number, wanted: Wanted): JsonScan {
  const atEnd = text.slice(at).trim() === '';
  if (atEnd) return wanted === 'nothing' ? { kind: 'complete' } : { kind: 'truncated', at: text.length };
  CUT_TOKEN.lastIndex = at;
  if (wanted !== 'nothing' && CUT_TOKEN.test(text)) return { kind: 'truncated', at: text.length };
  const start = at + text.slice(at).search(/[^ \t\r\n]/);
  return { kind: 'wrong', at: start };
}

/** What may follow `token` (a mark, 'string' or 'scalar'); null when it may not stand here. */
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
