import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';

/** A token of protobuf's text format. */
export interface Token {
  /** `end` follows the last token. */
  readonly kind: 'word' | 'number' | 'text' | 'symbol' | 'end';
  /** Without quotes and escapes for a text. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

// No pattern repeats a group, so that none needs memory for going back.
const SPACE = /[\s\uFEFF]+/uy;
const COMMENT = /#[^\n]*/uy;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/uy;
const NUMBER = /[+-]?(?:0[xX][0-9A-Fa-f]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?|inf(?:inity)?\b|nan\b)/uy;
const SYMBOL = /[{}<>[\]:,;]/uy;
const KINDS = [
  ['number', NUMBER],
  ['word', WORD],
  ['symbol', SYMBOL],
] as const;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Reads the tokens of a text one by one, in linear time. Throws a fault with the line where there is none. */
export class Tokens {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #next: Token;

  constructor(text: string) {
    this.#text = text;
    this.#next = this.#read();
  }

  /** The next token, which stays where it is. */
  peek(): Token {
    return this.#next;
  }

  take(): Token {
    const token = this.#next;
    this.#next = this.#read();
    return token;
  }

  #read(): Token {
    while (this.#skip(SPACE) !== null || this.#skip(COMMENT) !== null);
    if (this.#at >= this.#text.length) return { kind: 'end', text: '', line: this.#line };
    for (const [kind, pattern] of KINDS) {
      const text = this.#skip(pattern);
      if (text !== null) return { kind, text, line: this.#line };
    }
    const quoted = this.#quoted();
    if (quoted !== null) return { kind: 'text', text: quoted, line: this.#line };
    const found = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    throw brokenFile(message('caffeFiles.unexpected', { found, line: this.#line }));
  }

  /** A text in quotes on one line, without the quotes and escapes; null where there is none. */
  #quoted(): string | null {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") return null;
    for (let end = this.#at + 1; end < this.#text.length; end += 1) {
      const char = this.#text[end];
      if (char === '\n') return null;
      if (char === '\\') end += 1;
      else if (char === quote) {
        const inside = this.#text.slice(this.#at + 1, end);
        this.#at = end + 1;
        return unescaped(inside);
      }
    }
    return null;
  }

  #skip(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found === null) return null;
    this.#at += found.length;
    for (let at = found.indexOf('\n'); at >= 0; at = found.indexOf('\n', at + 1)) this.#line += 1;
    return found;
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gu, (_, char: string) => ESCAPES[char] ?? char);
}
