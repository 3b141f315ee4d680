import type { Blob } from './blob.ts';

/** A value of a field: a number, a text or the name of an enum's value, a nested message, or a blob of weights. */
export type TreeValue = number | string | Tree | Blob;

/** A message of the text or the binary format: the values of each field, by its name in caffe.proto. */
export type Tree = ReadonlyMap<string, readonly TreeValue[]>;

/** Counts what a file may still describe, so that memory stays bounded. */
export interface Budget {
  /** Values of all fields together. */
  values: number;
}

/** Values of all fields of a network; ResNet-152 has 20,000. */
export const MOST_VALUES = 1_000_000;

/** Adds a value to a message that is being read. */
export function addValue(tree: Map<string, TreeValue[]>, name: string, value: TreeValue): void {
  const known = tree.get(name);
  if (known === undefined) tree.set(name, [value]);
  else known.push(value);
}

export function isTree(value: TreeValue | undefined): value is Tree {
  return value instanceof Map;
}
