import type { FileNode, FileTensor } from './fileModel.ts';
import { floatsOf, intsOf } from './attributes.ts';
import { SMALL_LIMIT, type Constant, type SmallElement } from './values.ts';

const INTEGERS = new Set(['i64', 'i32', 'i16', 'i8', 'u64', 'u32', 'u16', 'u8']);

/** A constant of the file; `name` is null for one inside a node. */
export function tensorConstant(tensor: FileTensor, name: string | null): Constant {
  const { dims, dtype } = tensor;
  return {
    kind: 'constant',
    dims,
    from: name === null ? [] : [name],
    transposed: false,
    isInteger: INTEGERS.has(dtype),
    read: () => tensor.read(),
    small: () => (dims.length > 1 ? null : tensor.numbers(SMALL_LIMIT)),
  };
}

/** A scalar, or a list where `isList`. */
export function smallConstant(
  elements: readonly SmallElement[],
  { isList, isInteger }: { readonly isList: boolean; readonly isInteger: boolean },
): Constant {
  return {
    kind: 'constant',
    dims: isList ? [elements.length] : [],
    from: [],
    transposed: false,
    isInteger,
    read: () => Float32Array.from(elements, (element) => (element === 'batch' ? NaN : element)),
    small: () => elements,
  };
}

/** The value of a Constant node, or null where it is a text or sparse. */
export function constantOfNode(node: FileNode): Constant | null {
  const held = node.attributes.get('value');
  if (held?.type === 'tensor') return tensorConstant(held.value, null);
  const number = node.attributes.get('value_int') ?? node.attributes.get('value_float');
  if (number?.type === 'int' || number?.type === 'float')
    return smallConstant([number.value], { isList: false, isInteger: number.type === 'int' });
  const ints = intsOf(node, 'value_ints');
  const list = ints ?? floatsOf(node, 'value_floats');
  if (list === null || list.length > SMALL_LIMIT) return null;
  return smallConstant(list, { isList: true, isInteger: ints !== null });
}
