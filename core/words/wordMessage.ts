import type { Message, MessageValue, Term } from './message.ts';

/** The texts of one language. */
export interface Catalogue {
  /** By subject and name. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of blocks, parameters and so on, where they differ from the names in their definitions. */
  readonly terms: Readonly<Record<string, string>>;
}

const PLACE = /\{(\w+)\}/g;
/** Separates the singular form of a text from the plural form; the value `count` selects one. */
const FORMS = ' | ';
const ARROW = ' → ';

/**
 * Returns the message in the language of the catalogue. A key that the catalogue lacks, from a file of another version,
 * is shown as it is.
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

/** Returns the text of a placeholder's value. */
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

/** Selects the form for `count` from `{count} image | {count} images`; a text with one form is used for every count. */
function formFor(text: string, count: MessageValue | undefined): string {
  const [one = text, several = one] = count === undefined ? [] : text.split(FORMS);
  return count === 1 ? one : several;
}

function isList(value: MessageValue): value is readonly MessageValue[] {
  return Array.isArray(value);
}

/** Returns the object's own value under `name`, never an inherited one. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
