import type { GraphDocument } from '../document/schema.ts';

/** The value at one path of a document before and after; an absent side means no value. Plain data. */
interface Change {
  readonly path: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}
export type Patch = readonly Change[];

type Record_ = Readonly<Record<string, unknown>>;

/**
 * The paths where `after` differs from `before`, as deep as possible. Fast, because documents share what did not
 * change.
 */
export function diffDocuments(before: GraphDocument, after: GraphDocument): Patch {
  return diffValues([], before, after);
}

/**
 * `document` with every change applied. A change at a path that does not exist is a bug of the caller; it creates the
 * path.
 */
export function applyPatch(document: GraphDocument, patch: Patch): GraphDocument {
  // A patch from diffDocuments transforms one document into another, so the result has the document's type.
  return patch.reduce<unknown>(
    (value, change) => setAt(value, change.path, change),
    document,
  ) as GraphDocument;
}

/** The patch that reverses `patch`. */
export function invertPatch(patch: Patch): Patch {
  return patch.map((change) => ({
    path: change.path,
    ...('after' in change ? { before: change.after } : {}),
    ...('before' in change ? { after: change.before } : {}),
  }));
}

/**
 * Whether `document` has the `before` value at every path of `patch`, so that `applyPatch` gives the intended result.
 */
export function patchFits(document: GraphDocument, patch: Patch): boolean {
  return patch.every((change) => {
    const found = at(document, change.path);
    if (!('before' in change)) return found === undefined;
    return found !== undefined && diffValues([], change.before, found.value).length === 0;
  });
}

function diffValues(path: readonly string[], before: unknown, after: unknown): Patch {
  if (Object.is(before, after)) return [];
  if (!isRecord(before) || !isRecord(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => diffKey([...path, key], key, before, after));
}

function diffKey(path: readonly string[], key: string, before: Record_, after: Record_): Patch {
  if (!Object.hasOwn(after, key)) return [{ path, before: before[key] }];
  if (!Object.hasOwn(before, key)) return [{ path, after: after[key] }];
  return diffValues(path, before[key], after[key]);
}

/** The value at `path`; undefined where the path does not exist. */
function at(value: unknown, path: readonly string[]): { readonly value: unknown } | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return { value };
  return isRecord(value) && Object.hasOwn(value, key) ? at(value[key], rest) : undefined;
}

function setAt(value: unknown, path: readonly string[], change: Change): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change.after;
  const record = isRecord(value) ? value : {};
  if (rest.length === 0 && !('after' in change)) {
    return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
  }
  return { ...record, [key]: setAt(record[key], rest, change) };
}

function isRecord(value: unknown): value is Record_ {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
