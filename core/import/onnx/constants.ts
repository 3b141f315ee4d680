import { elementCount } from '../../program/shape.ts';
import type { FileNode, FileTensor } from './fileModel.ts';
import { floatsOf, intsOf } from './attributes.ts';
import type { SmallArray } from './smallArrays.ts';
import { SMALL_LIMIT, type Constant } from './values.ts';

const INTEGERS = new Set(['i64', 'i32', 'i16', 'i8', 'u64', 'u32', 'u16', 'u8']);

/** Elements of a constant that repeats one value; no layer has more channels. */
const LARGEST_FILLED = 1_048_576;

/** A constant of the file; `name` is null for one inside a node. */
export function tensorConstant(tensor: FileTensor, name: string | null): Constant {
  const { dims, dtype } = tensor;
  return {
    kind: 'constant',
    dims,
    from: name === null ? [] : [name],
    transposed: false,
    isInteger: INTEGERS.has(dtype),
    check: () => tensor.check(),
    read: () => tensor.read(),
    small: () => tensor.numbers(SMALL_LIMIT),
  };
}

/** A constant of these elements. */
export function smallConstant({ dims, elements }: SmallArray, isInteger: boolean): Constant {
  return {
    kind: 'constant',
    dims,
    from: [],
    transposed: false,
    isInteger,
    check: () => undefined,
    read: () => Float32Array.from(elements, (element) => (element === 'batch' ? NaN : element)),
    small: () => elements,
  };
}

/** A constant with the same value everywhere; null for dims that no layer has. */
export function filledConstant(dims: readonly number[], value: number, isInteger: boolean): Constant | null {
  const count = elementCount(dims);
  if (!dims.every((dim) => Number.isInteger(dim) && dim >= 0) || count > LARGEST_FILLED) return null;
  return {
    ...{ kind: 'constant', dims, from: [], transposed: false, isInteger },
    check: () => undefined,
    read: () => new Float32Array(count).fill(value),
    small: () => (count > SMALL_LIMIT ? null : Array.from({ length: count }, () => value)),
  };
}

/** The value of a Constant node, or null where it is a text or sparse. */
export function constantOfNode(node: FileNode): Constant | null {
  const held = node.attributes.get('value');
  if (held?.type === 'tensor') return tensorConstant(held.value, null);
  const number = node.attributes.get('value_int') ?? node.attributes.get('value_float');
  if (number?.type === 'int' || number?.type === 'float')
    return smallConstant({ dims: [], elements: [number.value] }, number.type === 'int');
  const ints = intsOf(node, 'value_ints');
  const list = ints ?? floatsOf(node, 'value_floats');
  if (list === null || list.length > SMALL_LIMIT) return null;
  return smallConstant({ dims: [list.length], elements: list }, ints !== null);
}
