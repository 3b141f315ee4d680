import type { FileAttribute, FileNode } from './fileModel.ts';

/** The attributes of a node by name and type; a default where the file leaves one out. */
export function intOf(node: FileNode, name: string, otherwise: number): number {
  const held = node.attributes.get(name);
  return held?.type === 'int' ? held.value : otherwise;
}

export function floatOf(node: FileNode, name: string, otherwise: number): number {
  const held = node.attributes.get(name);
  return held?.type === 'float' ? shortest(held.value) : otherwise;
}

export function textOf(node: FileNode, name: string, otherwise: string): string {
  const held = node.attributes.get(name);
  return held?.type === 'string' ? held.value : otherwise;
}

export function intsOf(node: FileNode, name: string): readonly number[] | null {
  return listOf(node, name, 'ints');
}

export function floatsOf(node: FileNode, name: string): readonly number[] | null {
  return listOf(node, name, 'floats');
}

function listOf(node: FileNode, name: string, type: 'ints' | 'floats'): readonly number[] | null {
  const held: FileAttribute | undefined = node.attributes.get(name);
  return held?.type === type ? held.value : null;
}

/** The decimal number with the fewest digits that rounds to the same float32: 0.00001, not 0.0000099999997. */
export function shortest(float: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === Math.fround(float)) return short;
  }
  return float;
}
