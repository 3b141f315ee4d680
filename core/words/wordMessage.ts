import type { Message, MessageValue, Term } from './message.ts';

/** The texts of one language. */
export interface Catalogue {
  /** By subject and name. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of blocks, parameters and their like, where they differ from those of their definitions. */
  readonly terms: Readonly<Record<string, string>>;
}

const PLACE = /\{(\w+)\}/g;
/** Between the forms of a text for one and for several; the value `count` chooses. */
const FORMS = ' | ';
const ARROW = ' → ';

/**
 * The message in the words of a language. A key that the catalogue lacks, of another version's file, stands for itself.
 */
export function wordMessage({ key, values }: Message, catalogue: Catalogue): string {
  const [subject = '', name = ''] = key.split('.');
  const text = own(own(catalogue.texts, subject) ?? {}, name);
  if (text === undefined) return key;
  return formFor(text, values.count).replace(PLACE, (place, named: string) => {
    const value = own(values, named);
    return value === undefined ? place : wordValue(value, catalogue);
  });
}

/** The same for what stands in a place of a message. */
export function wordValue(value: MessageValue, catalogue: Catalogue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (isList(value)) {
    const separator = catalogue.texts.plain?.separator ?? ', ';
    return value.map((item) => wordValue(item, catalogue)).join(separator);
  }
  if ('chain' in value) return value.chain.map((item) => wordValue(item, catalogue)).join(ARROW);
  return 'key' in value ? wordMessage(value, catalogue) : wordTerm(value, catalogue);
}

function wordTerm({ terms, english }: Term, catalogue: Catalogue): string {
  for (const term of terms) {
    const found = own(catalogue.terms, term);
    if (found !== undefined) return found;
  }
  return english;
}

/** Of `{count} image | {count} images` the form for `count`; a text of one form is for any. */
function formFor(text: string, count: MessageValue | undefined): string {
  const [one = text, several = one] = count === undefined ? [] : text.split(FORMS);
  return count === 1 ? one : several;
}

function isList(value: MessageValue): value is readonly MessageValue[] {
  return Array.isArray(value);
}

/** The value under `name`, never one that the object inherits. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
