import type { Brand } from './brand.ts';

export type ProjectId = Brand<string, 'ProjectId'>;
/** Stable for the life of a block: renames, moves and copies of the project keep it. */
export type NodeId = Brand<string, 'NodeId'>;

const ID_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

export function isNodeId(text: string): text is NodeId {
  return ID_PATTERN.test(text);
}

/** Brands `text`; throws `RangeError` when it is not 1 to 64 letters, digits, `_` or `-`, beginning with a letter. */
export function toNodeId(text: string): NodeId {
  if (!isNodeId(text)) throw new RangeError(`not a block id: ${JSON.stringify(text)}`);
  return text;
}

export function isProjectId(text: string): text is ProjectId {
  return ID_PATTERN.test(text);
}

export function toProjectId(text: string): ProjectId {
  if (!isProjectId(text)) throw new RangeError(`not a project id: ${JSON.stringify(text)}`);
  return text;
}

/**
 * Returns the first free id of `base`, `base2`, `base3`, … Ids are readable because they become tensor names in
 * exported files.
 */
export function freshNodeId(base: string, isTaken: (id: NodeId) => boolean): NodeId {
  const first = toNodeId(base);
  if (!isTaken(first)) return first;
  for (let n = 2; ; n += 1) {
    const candidate = toNodeId(`${base}${n}`);
    if (!isTaken(candidate)) return candidate;
  }
}
