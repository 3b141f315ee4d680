/** What a piece of Python source is, for its colour. */
type TokenKind = 'plain' | 'keyword' | 'name' | 'call' | 'argument' | 'number' | 'text' | 'comment';

/** A piece of a line. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const KEYWORDS = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
/** Keywords that a new name follows. */
const DEFINING = new Set(['class', 'def']);

/** A comment, a string on one line, the start of one over several, a number, a word, or anything else. */
const PIECE =
  /(?<comment>#.*)|(?<text>"""(?:[^\\]|\\.)*?"""|"(?!"")(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<open>""".*)|(?<number>\b\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<rest>\s+|[^\s\p{L}\p{N}_"'#]+|.)/giu;

/** The tokens of each line of Python source; strings over several lines are those in triple double quotes. */
export function pythonTokens(lines: readonly string[]): readonly (readonly Token[])[] {
  let isInText = false;
  return lines.map((line) => {
    const end = isInText ? line.indexOf('"""') : 0;
    if (end < 0) return [{ kind: 'text', text: line }];
    const inside = isInText ? line.slice(0, end + 3) : '';
    const tokens = tokensOf(line.slice(inside.length));
    isInText = isOpen(tokens.at(-1));
    return inside === '' ? tokens : [{ kind: 'text', text: inside }, ...tokens];
  });
}

function isOpen(last: Token | undefined): boolean {
  return last?.kind === 'text' && last.text.startsWith('"""') && !/^"""[^]*"""$/.test(last.text);
}

function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let before = '';
  for (const match of line.matchAll(PIECE)) {
    const [text] = match;
    const { comment, text: string, open, number, word } = match.groups ?? {};
    const kind = ((): TokenKind => {
      if (comment !== undefined) return 'comment';
      if (string !== undefined || open !== undefined) return 'text';
      if (number !== undefined) return 'number';
      return word === undefined ? 'plain' : kindOfWord(word, before, line.slice(match.index + word.length));
    })();
    tokens.push({ kind, text });
    if (text.trim() !== '') before = text;
  }
  return tokens;
}

function kindOfWord(word: string, before: string, after: string): TokenKind {
  if (KEYWORDS.has(word)) return 'keyword';
  if (DEFINING.has(before)) return 'name';
  if (after.startsWith('(')) return 'call';
  return /^=(?!=)/.test(after) ? 'argument' : 'plain';
}
