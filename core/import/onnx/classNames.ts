import { METADATA_KEYS } from '../../export/metadata.ts';
import { jsonOf } from './jsonOf.ts';

/** Keys under which exporters write the names of the classes; `names` is that of Ultralytics. */
const KEYS = [METADATA_KEYS.classNames, 'class_names', 'classes', 'labels', 'names'];

/** The names of the classes in the metadata, in the order of the outputs; null where none are as many as `count`. */
export function classNamesOf(
  metadata: Readonly<Record<string, string>>,
  count: number,
): readonly string[] | null {
  for (const key of KEYS) {
    const names = listOf(metadata[key] ?? '');
    // A single logit separates two classes.
    if (names !== null && names.length === Math.max(count, 2)) return names;
  }
  return null;
}

/** A JSON list of texts, or a list by number such as `{0: 'cat', 1: 'dog'}`, in JSON or as Python prints it. */
function listOf(text: string): readonly string[] | null {
  const held = jsonOf(text) ?? numbered(text);
  if (Array.isArray(held)) return held.every((each) => typeof each === 'string') ? held : null;
  if (typeof held !== 'object' || held === null) return null;
  const table = held as Readonly<Record<string, unknown>>;
  const names = Object.keys(table).map((_, index) => table[String(index)]);
  return names.every((each) => typeof each === 'string') ? names : null;
}

function numbered(text: string): Readonly<Record<string, string>> | null {
  if (!/^\s*\{.*\}\s*$/.test(text)) return null;
  const entries = [...text.matchAll(/(\d+)\s*:\s*(?:'([^']*)'|"([^"]*)")/g)];
  return Object.fromEntries(
    entries.map(([, number = '', single, double]) => [number, single ?? double ?? '']),
  );
}
