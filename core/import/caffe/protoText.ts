import { decodeUtf8 } from '../../export/utf8.ts';
import { message } from '../../words/message.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import { Tokens, type Token } from './protoTokens.ts';
import { addValue, MOST_VALUES, type Budget, type Tree, type TreeValue } from './tree.ts';

/** Bytes of a text; the longest networks have 200 KB. */
const MOST_BYTES = 32 * 2 ** 20;
/** Messages inside messages; caffe.proto has four levels. */
const MOST_LEVELS = 32;
/** Characters of a token in a message about it. */
const MOST_SHOWN = 40;

/**
 * Parses a `.prototxt`: protobuf's text format (protobuf.dev, "Text Format Language Specification") without extensions.
 * Names of enum values are texts. Throws a fault that names the line.
 */
export function parseProtoText(bytes: Uint8Array): Tree {
  if (bytes.length > MOST_BYTES) throw unsupportedFile(message('caffeFiles.longText', { most: MOST_BYTES }));
  let text: string;
  try {
    text = decodeUtf8(bytes);
  } catch (cause) {
    throw brokenFile(message('caffeFiles.notText'), cause);
  }
  return new Parser(text).message(null, 0);
}

class Parser {
  readonly #tokens: Tokens;
  readonly #budget: Budget = { values: MOST_VALUES };

  constructor(text: string) {
    this.#tokens = new Tokens(text);
  }

  /** The fields up to the symbol `end`, or to the end of the text for null. */
  message(end: string | null, level: number): Tree {
    if (level > MOST_LEVELS) throw brokenFile(message('caffeFiles.nesting', { most: MOST_LEVELS }));
    const tree = new Map<string, TreeValue[]>();
    for (;;) {
      const token = this.#tokens.take();
      if (token.kind === 'end' ? end === null : token.kind === 'symbol' && token.text === end) return tree;
      if (token.kind !== 'word') throw unexpected(token);
      this.#field(tree, token.text, level);
      if (this.#isNext(',') || this.#isNext(';')) this.#tokens.take();
    }
  }

  #field(tree: Map<string, TreeValue[]>, name: string, level: number): void {
    const hasColon = this.#isNext(':');
    if (hasColon) this.#tokens.take();
    if (hasColon && this.#isNext('[')) {
      this.#list(tree, name, level);
      return;
    }
    this.#add(tree, name, this.#value(hasColon, level));
  }

  /** `[1, 2]`. */
  #list(tree: Map<string, TreeValue[]>, name: string, level: number): void {
    this.#tokens.take();
    while (!this.#isNext(']')) {
      this.#add(tree, name, this.#value(true, level));
      if (!this.#isNext(',')) break;
      this.#tokens.take();
    }
    const end = this.#tokens.take();
    if (end.kind !== 'symbol' || end.text !== ']') throw unexpected(end);
  }

  #add(tree: Map<string, TreeValue[]>, name: string, value: TreeValue): void {
    this.#budget.values -= 1;
    if (this.#budget.values < 0) throw unsupportedFile(message('caffeFiles.tooLarge', { most: MOST_VALUES }));
    addValue(tree, name, value);
  }

  /** A colon may be left out before a message, and only there. */
  #value(hasColon: boolean, level: number): TreeValue {
    const token = this.#tokens.take();
    if (token.kind === 'symbol' && token.text === '{') return this.message('}', level + 1);
    if (token.kind === 'symbol' && token.text === '<') return this.message('>', level + 1);
    if (!hasColon) throw unexpected(token);
    if (token.kind === 'number') return numberOf(token.text);
    if (token.kind === 'word') return token.text;
    if (token.kind !== 'text') throw unexpected(token);
    const parts = [token.text];
    while (this.#tokens.peek().kind === 'text') parts.push(this.#tokens.take().text);
    return parts.join('');
  }

  #isNext(symbol: string): boolean {
    const { kind, text } = this.#tokens.peek();
    return kind === 'symbol' && text === symbol;
  }
}

function numberOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const plain = text.replace(/^[+-]/u, '').toLowerCase();
  if (plain.startsWith('inf')) return sign * Infinity;
  if (plain === 'nan') return NaN;
  return sign * Number(plain.startsWith('0x') ? plain : plain.replace(/f$/u, ''));
}

function unexpected({ kind, text, line }: Token): Error {
  if (kind === 'end') return brokenFile(message('caffeFiles.endsEarly', { line }));
  return brokenFile(message('caffeFiles.unexpected', { found: text.slice(0, MOST_SHOWN), line }));
}
