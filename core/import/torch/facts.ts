import { entriesOf, itemsOf, isStructure, type PickleValue } from './pickle/values.ts';

const CLASS_KEYS = ['classes', 'class_names', 'idx_to_class', 'class_to_idx', 'names', 'CLASSES', 'labels'];
/** Where checkpoints keep facts beside the weights. */
const FACT_GROUPS = ['meta', 'args', 'hyper_parameters', 'hparams', 'config'];
const MOST_CLASSES = 100_000;
const MOST_FACTS = 200;
const MOST_TEXT = 1000;

/** The names of the classes, in the order of the outputs, in one of the values or their groups of facts. */
export function classNamesIn(values: readonly PickleValue[]): readonly string[] | null {
  for (const value of values.flatMap((each) => [each, ...groupsOf(each)])) {
    const facts = factsOf(value);
    for (const key of CLASS_KEYS) {
      const names = classNames(facts.get(key));
      if (names !== null) return names;
    }
  }
  return null;
}

/** Plain values of a checkpoint as texts: `epoch`, `arch`, `args.model`. */
export function plainFacts(root: PickleValue): Record<string, string> {
  // Without a prototype, so that any string can be a key.
  const texts = Object.create(null) as Record<string, string>;
  const groups = FACT_GROUPS.map((name) => [`${name}.`, factsOf(root).get(name)] as const);
  let count = 0;
  for (const [prefix, value] of [['', root] as const, ...groups])
    for (const [name, fact] of factsOf(value)) {
      const plain = plainText(fact);
      if (typeof name !== 'string' || plain === null) continue;
      if (plain.length > MOST_TEXT || name.length > MOST_TEXT || count >= MOST_FACTS) continue;
      texts[prefix + name] = plain;
      count += 1;
    }
  return texts;
}

/** A list of texts, texts by their index, or indices by their text. */
function classNames(value: PickleValue | undefined): readonly string[] | null {
  const items = itemsOf(value);
  if (items !== null) return allTexts(items);
  const pairs = [...(entriesOf(value) ?? [])];
  if (pairs.length === 0 || pairs.length > MOST_CLASSES) return null;
  const byIndex = pairs.map(([key, name]) => (isIndex(name) ? [name, key] : [Number(key), name]));
  const names = new Map(byIndex.map(([index, name]) => [index, name]));
  return allTexts(Array.from(pairs, (_, index) => names.get(index) ?? null));
}

function isIndex(value: PickleValue): value is number {
  return typeof value === 'number';
}

function allTexts(items: readonly PickleValue[]): readonly string[] | null {
  const isText = (item: PickleValue): item is string => typeof item === 'string' && item.length <= MOST_TEXT;
  return items.length > 0 && items.length <= MOST_CLASSES && items.every(isText) ? items : null;
}

/** Entries of a dict, or attributes of an object, which is never built. */
function factsOf(value: PickleValue | undefined): ReadonlyMap<PickleValue, PickleValue> {
  const entries = entriesOf(value);
  if (entries !== null) return entries;
  const state = isStructure(value) && value.kind === 'object' ? entriesOf(value.state) : null;
  return state ?? new Map();
}

function groupsOf(value: PickleValue): readonly PickleValue[] {
  const facts = factsOf(value);
  return FACT_GROUPS.map((name) => facts.get(name) ?? null);
}

function plainText(value: PickleValue): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : null;
}
