import { isIn, isWordCode, type CharacterSet } from './characterSet.ts';
import { parsePattern } from './parsePattern.ts';
import { PatternError, type PatternTree } from './syntax.ts';
import { message, type Message } from '../words/message.ts';

/** Steps of a compiled pattern; numbers are indices into the list of steps. `fork` tries `first` before `second`. */
type Step =
  | { readonly op: 'set'; readonly set: CharacterSet }
  | { readonly op: 'assertion'; readonly at: 'start' | 'end' | 'boundary' | 'inside' }
  | { readonly op: 'fork'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'mark'; readonly slot: number }
  | { readonly op: 'match' };

export interface Pattern {
  readonly steps: readonly Step[];
  /** Number of capturing groups. */
  readonly brackets: number;
}

/** Longest pattern, in characters and in steps. Matching takes time of at most steps × characters of the text. */
const LONGEST_PATTERN = 500;
const MOST_STEPS = 2000;
/** Longest text that is searched, in characters; the rest is ignored. */
const LONGEST_TEXT = 4096;

export type PatternResult =
  | { readonly ok: true; readonly pattern: Pattern }
  /** `problem` ends a sentence: "it has a “)” without its “(”". */
  | { readonly ok: false; readonly problem: Message };

/** Compiles a regular expression for `matchPattern`; see `parsePattern` for the syntax. Never throws. */
export function compilePattern(text: string): PatternResult {
  try {
    if (text.length > LONGEST_PATTERN)
      throw new PatternError(message('patterns.tooLong', { most: LONGEST_PATTERN }));
    const { tree, brackets } = parsePattern(text);
    const steps: Step[] = [];
    emit(steps, tree);
    push(steps, { op: 'match' });
    return { ok: true, pattern: { steps, brackets } };
  } catch (thrown) {
    if (!(thrown instanceof PatternError)) throw thrown;
    return { ok: false, problem: thrown.said };
  }
}

function push<S extends Step>(steps: Step[], step: S): S {
  if (steps.length >= MOST_STEPS) throw new PatternError(message('patterns.tooLarge'));
  steps.push(step);
  return step;
}

function emit(steps: Step[], tree: PatternTree): void {
  switch (tree.kind) {
    case 'set':
      push(steps, { op: 'set', set: tree.set });
      return;
    case 'assertion':
      push(steps, { op: 'assertion', at: tree.at });
      return;
    case 'sequence':
      for (const item of tree.items) emit(steps, item);
      return;
    case 'choice':
      return emitChoice(steps, tree.items);
    case 'bracket':
      if (tree.index !== null) push(steps, { op: 'mark', slot: tree.index * 2 });
      emit(steps, tree.item);
      if (tree.index !== null) push(steps, { op: 'mark', slot: tree.index * 2 + 1 });
      return;
    case 'repeat':
      return emitRepeat(steps, tree);
  }
}

function emitChoice(steps: Step[], items: readonly PatternTree[]): void {
  const ends = [];
  for (const [number, item] of items.entries()) {
    const isLast = number === items.length - 1;
    const fork = isLast ? null : push(steps, { op: 'fork', first: steps.length + 1, second: 0 });
    emit(steps, item);
    if (fork === null) continue;
    ends.push(push(steps, { op: 'jump', to: 0 }));
    fork.second = steps.length;
  }
  for (const end of ends) end.to = steps.length;
}

function emitRepeat(
  steps: Step[],
  { item, least, most, lazy }: Extract<PatternTree, { kind: 'repeat' }>,
): void {
  for (let turn = 0; turn < least; turn += 1) emit(steps, item);
  const forks = [];
  const optional = most === Infinity ? 1 : most - least;
  for (let turn = 0; turn < optional; turn += 1) {
    const start = steps.length;
    forks.push(push(steps, { op: 'fork', first: start + 1, second: start + 1 }));
    emit(steps, item);
    if (most === Infinity) push(steps, { op: 'jump', to: start });
  }
  for (const fork of forks) {
    if (lazy) fork.first = steps.length;
    else fork.second = steps.length;
  }
}

interface Thread {
  readonly at: number;
  /** Start and end of the whole match and of each capturing group; -1 for a group that did not match. */
  readonly marks: readonly number[];
}

/**
 * Returns the leftmost match of `pattern` anywhere in `text`: the whole match, then the text of each capturing group
 * ('' for a group that did not match). Null when there is no match. The time is proportional to the length of the text:
 * all paths through the pattern are followed at once (Thompson 1968), without backtracking.
 */
export function matchPattern({ steps, brackets }: Pattern, text: string): string[] | null {
  const characters = Array.from(text.slice(0, LONGEST_TEXT));
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const blank = new Array<number>(brackets * 2 + 2).fill(-1);
  let threads: Thread[] = [];
  let found: readonly number[] | null = null;
  for (let place = 0; place <= codes.length; place += 1) {
    const seen = new Uint8Array(steps.length);
    const ready: Thread[] = [];
    for (const thread of threads) follow(steps, thread, codes, place, seen, ready);
    if (found === null) follow(steps, { at: 0, marks: withMark(blank, 0, place) }, codes, place, seen, ready);
    threads = [];
    for (const { at, marks } of ready) {
      const step = steps[at];
      if (step?.op === 'match') {
        found = withMark(marks, 1, place);
        break;
      }
      if (step?.op === 'set' && place < codes.length && isIn(step.set, codes[place] ?? -1))
        threads.push({ at: at + 1, marks });
    }
    if (threads.length === 0 && found !== null) break;
  }
  if (found === null) return null;
  return Array.from({ length: brackets + 1 }, (_, number) => caught(characters, found, number));
}

function caught(characters: readonly string[], marks: readonly number[], bracket: number): string {
  const [from = -1, to = -1] = marks.slice(bracket * 2, bracket * 2 + 2);
  return from < 0 || to < from ? '' : characters.slice(from, to).join('');
}

/** Adds to `ready` the steps that a thread reaches without consuming a character, in order of preference. */
function follow(
  steps: readonly Step[],
  start: Thread,
  codes: readonly number[],
  place: number,
  seen: Uint8Array,
  ready: Thread[],
): void {
  const waiting = [start];
  for (let thread = waiting.pop(); thread !== undefined; thread = waiting.pop()) {
    const { at, marks } = thread;
    const step = steps[at];
    if (step === undefined || seen[at] === 1) continue;
    seen[at] = 1;
    if (step.op === 'jump') waiting.push({ at: step.to, marks });
    else if (step.op === 'fork') waiting.push({ at: step.second, marks }, { at: step.first, marks });
    else if (step.op === 'mark') waiting.push({ at: at + 1, marks: withMark(marks, step.slot, place) });
    else if (step.op !== 'assertion') ready.push(thread);
    else if (holds(step.at, codes, place)) waiting.push({ at: at + 1, marks });
  }
}

function holds(
  at: 'start' | 'end' | 'boundary' | 'inside',
  codes: readonly number[],
  place: number,
): boolean {
  if (at === 'start') return place === 0;
  if (at === 'end') return place === codes.length;
  const isBoundary = isWordCode(codes[place - 1]) !== isWordCode(codes[place]);
  return isBoundary === (at === 'boundary');
}

function withMark(marks: readonly number[], slot: number, place: number): number[] {
  const changed = marks.slice();
  changed[slot] = place;
  return changed;
}
