import type { ForeignTensor } from '../foreignModel.ts';

/** A text attribute of an HDF5 object: one string, or a list of them. */
export type H5Texts = string | readonly string[];

/** A group of an HDF5 file, without its bytes. Whoever opens the file has checked that the tree is finite. */
export interface H5Group {
  /** From the root, `model_weights/conv1`; empty for the root. */
  readonly path: string;
  /** Attributes with texts; others are left out. */
  readonly texts: ReadonlyMap<string, H5Texts>;
  readonly groups: ReadonlyMap<string, H5Group>;
  /** Tensors by their name in the group; their own `name` is the path from the root. */
  readonly tensors: ReadonlyMap<string, ForeignTensor>;
}

/** The group at a path below `group`, as `a/b/c`; null when there is none. */
export function groupAt(group: H5Group, path: string): H5Group | null {
  let at: H5Group | undefined = group;
  for (const name of path.split('/')) {
    if (name !== '') at = at?.groups.get(name);
  }
  return at ?? null;
}

/** The tensor at a path below `group`; null when there is none. */
export function tensorAt(group: H5Group, path: string): ForeignTensor | null {
  const slash = path.lastIndexOf('/');
  const holder = slash < 0 ? group : groupAt(group, path.slice(0, slash));
  return holder?.tensors.get(path.slice(slash + 1)) ?? null;
}

/** A single text; null where the attribute is absent or a list. */
export function textOf(group: H5Group, name: string): string | null {
  const value = group.texts.get(name);
  return typeof value === 'string' ? value : null;
}

/**
 * A list of texts. Keras splits a list that is too long for one attribute over `name0`, `name1`, …; null where there is
 * neither.
 */
export function textsOf(group: H5Group, name: string): readonly string[] | null {
  const whole = group.texts.get(name);
  if (whole !== undefined) return typeof whole === 'string' ? [whole] : whole;
  const parts: string[] = [];
  for (let index = 0; ; index += 1) {
    const part = group.texts.get(`${name}${index}`);
    if (part === undefined) return index === 0 ? null : parts;
    parts.push(...(typeof part === 'string' ? [part] : part));
  }
}

/** All tensors below a group, in the order of the file. */
export function allTensors(group: H5Group): readonly ForeignTensor[] {
  const found: ForeignTensor[] = [];
  const open: H5Group[] = [group];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const tensor of at.tensors.values()) found.push(tensor);
    open.push(...[...at.groups.values()].reverse());
  }
  return found;
}
