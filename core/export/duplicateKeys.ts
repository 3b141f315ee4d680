/**
 * First key that occurs twice in an object of a JSON text, or null. `JSON.parse` silently keeps the last of equal keys,
 * and a safetensors header must not have any. `text` must already have passed `JSON.parse`.
 */
export function findDuplicateKey(text: string): string | null {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{') open.push(new Set());
    else if (char === '}') open.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      if (isKey(text, end)) {
        // Keys are compared after unescaping: "a" and "\u0061" are one key.
        const key: unknown = JSON.parse(text.slice(at, end));
        const seen = open.at(-1);
        if (typeof key === 'string' && seen?.has(key)) return key;
        if (typeof key === 'string') seen?.add(key);
      }
      at = end - 1;
    }
  }
  return null;
}

/** Index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (' \t\r\n'.includes(text[at] ?? '\0')) at += 1;
  return text[at] === ':';
}
