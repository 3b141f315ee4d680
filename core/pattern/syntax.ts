import { inEnglish } from '../words/catalogues.ts';
import type { Message } from '../words/message.ts';
import type { CharacterSet } from './characterSet.ts';

/** A pattern as a tree. */
export type PatternTree =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly at: 'start' | 'end' | 'boundary' | 'inside' }
  | { readonly kind: 'sequence'; readonly items: readonly PatternTree[] }
  | { readonly kind: 'choice'; readonly items: readonly PatternTree[] }
  /** `index` numbers the capturing groups from 1; null for a group that does not capture. */
  | { readonly kind: 'bracket'; readonly item: PatternTree; readonly index: number | null }
  | {
      readonly kind: 'repeat';
      readonly item: PatternTree;
      readonly least: number;
      /** Infinity: no upper limit. */
      readonly most: number;
      readonly lazy: boolean;
    };

/** A pattern that cannot be used. Its message is the end of a sentence. */
export class PatternError extends Error {
  readonly said: Message;

  constructor(said: Message) {
    super(inEnglish(said));
    this.said = said;
  }
}
