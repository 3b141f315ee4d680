import { ANY, escapedSet, oneCharacter, plainRanges, type CharacterSet } from './characterSet.ts';
import { PatternError, type PatternTree } from './syntax.ts';
import { message } from '../words/message.ts';

const DEEPEST = 20;
const MOST_REPEATS = 100;
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['t', 9],
  ['n', 10],
  ['r', 13],
  ['f', 12],
  ['v', 11],
]);

/**
 * Reads a regular expression of the usual syntax: literals, `.`, `[…]`, `\d \w \s \b`, `( )`, `(?: )`, `(?<name> )`,
 * `|`, `* + ? {m,n}` and their lazy forms, `^ $`. Returns its tree and the number of capturing groups. Throws
 * `PatternError` for anything else: back-references and look-around cannot be matched in linear time.
 */
export function parsePattern(text: string): { tree: PatternTree; brackets: number } {
  const reader = new PatternReader(text);
  const tree = reader.choice(0);
  if (reader.peek() !== undefined) throw new PatternError(message('patterns.unopened'));
  return { tree, brackets: reader.brackets };
}

class PatternReader {
  brackets = 0;
  private readonly characters: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.characters = Array.from(text);
  }

  peek(): string | undefined {
    return this.characters[this.at];
  }

  choice(depth: number): PatternTree {
    if (depth > DEEPEST) throw new PatternError(message('patterns.tooDeep', { most: DEEPEST }));
    const items = [this.sequence(depth)];
    while (this.take('|')) items.push(this.sequence(depth));
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'choice', items };
  }

  private sequence(depth: number): PatternTree {
    const items: PatternTree[] = [];
    for (let next = this.peek(); next !== undefined && next !== '|' && next !== ')'; next = this.peek())
      items.push(this.repeated(this.atom(depth)));
    return { kind: 'sequence', items };
  }

  private atom(depth: number): PatternTree {
    const character = this.next();
    switch (character) {
      case '.':
        return { kind: 'set', set: ANY };
      case '^':
        return { kind: 'assertion', at: 'start' };
      case '$':
        return { kind: 'assertion', at: 'end' };
      case '[':
        return { kind: 'set', set: this.set() };
      case '(':
        return this.bracket(depth);
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw new PatternError(message('patterns.repeatsNothing', { character }));
      default:
        return { kind: 'set', set: oneCharacter(codeOf(character)) };
    }
  }

  private bracket(depth: number): PatternTree {
    const index = this.take('?') ? this.bracketKind() : ++this.brackets;
    const item = this.choice(depth + 1);
    if (!this.take(')')) throw new PatternError(message('patterns.unclosed'));
    return { kind: 'bracket', item, index };
  }

  private bracketKind(): number | null {
    if (this.take(':')) return null;
    if (this.take('<') && this.peek() !== '=' && this.peek() !== '!') {
      while (!this.take('>')) this.next();
      return ++this.brackets;
    }
    throw new PatternError(message('patterns.noLookAround'));
  }

  private escape(): PatternTree {
    const letter = this.next();
    if (letter === 'b' || letter === 'B')
      return { kind: 'assertion', at: letter === 'b' ? 'boundary' : 'inside' };
    return { kind: 'set', set: this.escaped(letter) };
  }

  private escaped(letter: string): CharacterSet {
    if (/[1-9k]/.test(letter)) throw new PatternError(message('patterns.noBackReference'));
    const control = CONTROLS.get(letter);
    const set = control === undefined ? escapedSet(letter) : oneCharacter(control);
    if (set !== null) return set;
    if (/[a-z0-9]/i.test(letter)) throw new PatternError(message('patterns.noEscape', { letter }));
    return oneCharacter(codeOf(letter));
  }

  private set(): CharacterSet {
    const negated = this.take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.take(']')) {
      const from = this.member();
      const first = from.length === 1 ? from[0] : undefined;
      if (first !== undefined && this.peek() === '-' && this.characters[this.at + 1] !== ']') {
        this.next();
        const [last] = this.member();
        if (last === undefined || last[1] < first[0]) throw new PatternError(message('patterns.rangeOrder'));
        ranges.push([first[0], last[1]]);
      } else ranges.push(...from);
    }
    return { ranges, negated };
  }

  private member(): CharacterSet['ranges'] {
    const character = this.next();
    return character === '\\'
      ? plainRanges(this.escaped(this.next()))
      : oneCharacter(codeOf(character)).ranges;
  }

  private repeated(item: PatternTree): PatternTree {
    const bounds = this.bounds();
    if (bounds === null) return item;
    if (item.kind === 'assertion') throw new PatternError(message('patterns.repeatsAssertion'));
    const [least, most] = bounds;
    const lazy = this.take('?');
    const next = this.peek();
    if (next === '*' || next === '+' || next === '?')
      throw new PatternError(message('patterns.repeatsNothing', { character: next }));
    return { kind: 'repeat', item, least, most, lazy };
  }

  private bounds(): readonly [number, number] | null {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    const written = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.characters.slice(this.at, this.at + 12).join(''));
    if (written === null) return null;
    this.at += written[0].length;
    const least = Number(written[1]);
    const most = written[2] === undefined ? least : written[3] === '' ? Infinity : Number(written[3]);
    if (most < least || least > MOST_REPEATS || (most > MOST_REPEATS && most !== Infinity))
      throw new PatternError(message('patterns.repeatOrder', { written: written[0], most: MOST_REPEATS }));
    return [least, most];
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  private next(): string {
    const character = this.characters[this.at];
    if (character === undefined) throw new PatternError(message('patterns.endsEarly'));
    this.at += 1;
    return character;
  }
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
