import { elementCount } from '../../program/shape.ts';
import { intOf, intsOf } from './attributes.ts';
import { constantOfNode, smallConstant } from './constants.ts';
import type { FileNode } from './fileModel.ts';
import { permuted, SMALL_LIMIT, withDims, type Constant, type SmallElement } from './values.ts';

/** The inputs of a node that are constants; null for an activation, and for an input that was left out. */
export type ConstantInputs = readonly (Constant | null)[];

type Fold = (node: FileNode, inputs: ConstantInputs) => Constant | null | undefined;
type Elements = readonly SmallElement[];

/** The operators that exporters leave around shapes, and those that only arrange the elements of weights. */
const FOLDS: Readonly<Record<string, Fold>> = {
  Constant: constantOfNode,
  Identity: (_node, [from]) => from ?? null,
  Cast: (node, [from]) => from && { ...from, isInteger: castsToInteger(node), ...cut(node, from) },
  Transpose: (node, [from]) => from && foldTranspose(node, from),
  Reshape: (_node, [from, sizes]) => (from && sizes ? foldReshape(from, sizes) : null),
  Unsqueeze: (node, [from, axes]) => from && foldUnsqueeze(from, axesOf(node, axes)),
  Squeeze: (node, [from, axes]) => from && foldSqueeze(from, axesOf(node, axes)),
  Shape: (node, [from]) => from && shapeConstant(node, from.dims),
  Gather: foldGather,
  Slice: foldSlice,
  Concat: foldConcat,
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Div: arithmetic((a, b, isInteger) => (isInteger ? Math.trunc(a / b) : a / b)),
  Range: foldRange,
  ConstantOfShape: foldFilled,
};

/** The constant that a node outputs, or null where its inputs are not constants or it does something else. */
export function foldNode(node: FileNode, inputs: ConstantInputs): Constant | null {
  const fold = node.domain === '' && Object.hasOwn(FOLDS, node.opType) ? FOLDS[node.opType] : undefined;
  return fold?.(node, inputs) ?? null;
}

/** The result of a Shape node for a value with these dims. */
export function shapeConstant(node: FileNode, dims: Elements): Constant | null {
  if (dims.length > SMALL_LIMIT) return null;
  const picked = dims.slice(intOf(node, 'start', 0), intOf(node, 'end', dims.length));
  return smallConstant(picked, { isList: true, isInteger: true });
}

/** Axes from an input (opset 13 and later) or an attribute; null where neither says. */
export function axesOf(node: FileNode, input: Constant | null | undefined): readonly number[] | null {
  return input ? numbersOf(input) : intsOf(node, 'axes');
}

/** The elements of a small constant, or null where it is large or depends on the batch. */
export function numbersOf(constant: Constant): readonly number[] | null {
  const elements = constant.small();
  if (elements === null) return null;
  const numbers = elements.filter((element) => element !== 'batch');
  return numbers.length === elements.length ? numbers : null;
}

/** `TensorProto.DataType` of integers: 2 to 7, 12 and 13. */
function castsToInteger(node: FileNode): boolean {
  const to = intOf(node, 'to', 1);
  return (to >= 2 && to <= 7) || to === 12 || to === 13;
}

/** A cast to integers drops the remainder. */
function cut(node: FileNode, { small, read }: Constant): Partial<Constant> {
  if (!castsToInteger(node)) return {};
  return {
    read: () => read().map(Math.trunc),
    small: () => small()?.map((element) => (element === 'batch' ? element : Math.trunc(element))) ?? null,
  };
}

function foldTranspose(node: FileNode, from: Constant): Constant | null {
  const rank = from.dims.length;
  const perm = intsOf(node, 'perm') ?? Array.from({ length: rank }, (_, index) => rank - 1 - index);
  const isPermutation = perm.length === rank && new Set(perm).size === rank;
  if (!isPermutation || perm.some((axis) => axis < 0 || axis >= rank)) return null;
  return rank < 2 ? from : permuted(from, perm);
}

function foldReshape(from: Constant, sizes: Constant): Constant | null {
  const wanted = numbersOf(sizes);
  if (wanted === null) return null;
  const sized = wanted.map((size, index) => (size === 0 ? (from.dims[index] ?? 0) : size));
  const count = elementCount(from.dims);
  const known = elementCount(sized.filter((size) => size !== -1));
  const dims = sized.map((size) => (size === -1 ? count / known : size));
  return elementCount(dims) === count && dims.every(Number.isInteger) ? rearranged(from, dims) : null;
}

function foldUnsqueeze(from: Constant, axes: readonly number[] | null): Constant | null {
  if (axes === null) return null;
  const rank = from.dims.length + axes.length;
  const ones = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const left = [...from.dims];
  const dims = Array.from({ length: rank }, (_, index) => (ones.has(index) ? 1 : (left.shift() ?? 1)));
  return rearranged(from, dims);
}

function foldSqueeze(from: Constant, axes: readonly number[] | null): Constant | null {
  const rank = from.dims.length;
  const dropped = axes === null ? null : new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const dims = from.dims.filter((dim, index) => !(dropped === null ? dim === 1 : dropped.has(index)));
  return elementCount(dims) === elementCount(from.dims) ? rearranged(from, dims) : null;
}

/** A list may become a scalar and back; its elements stay the same. */
function rearranged(from: Constant, dims: readonly number[]): Constant {
  const { small } = from;
  return { ...withDims(from, dims), small: () => (dims.length > 1 ? null : smallOrRead(from, small)) };
}

function smallOrRead(from: Constant, small: Constant['small']): Elements | null {
  return small() ?? (elementCount(from.dims) <= SMALL_LIMIT ? Array.from(from.read()) : null);
}

function foldGather(node: FileNode, [from, indices]: ConstantInputs): Constant | null {
  const elements = from?.small();
  const picks = indices && numbersOf(indices);
  if (!from || !elements || !picks || from.dims.length !== 1 || intOf(node, 'axis', 0) !== 0) return null;
  const picked = picks.map((pick) => elements.at(pick));
  const found = picked.filter((element) => element !== undefined);
  if (found.length !== picks.length) return null;
  return smallConstant(found, { isList: indices.dims.length === 1, isInteger: from.isInteger });
}

/** Slices of lists; before opset 10 the bounds were attributes. */
function foldSlice(node: FileNode, [from, ...bounds]: ConstantInputs): Constant | null {
  const elements = from?.small();
  if (!from || !elements || from.dims.length !== 1) return null;
  const bound = (index: number, name: string): number | null => {
    const input = bounds[index];
    const list = input ? numbersOf(input) : intsOf(node, name);
    return list?.length === 1 ? (list[0] ?? null) : null;
  };
  const [start, end, step] = [bound(0, 'starts'), bound(1, 'ends'), bound(3, 'steps') ?? 1];
  if (start === null || end === null || step !== 1) return null;
  const sliced = elements.slice(start, Math.min(end, elements.length));
  return smallConstant(sliced, { isList: true, isInteger: from.isInteger });
}

function foldConcat(node: FileNode, inputs: ConstantInputs): Constant | null {
  const lists = inputs.map((input) => (input?.dims.length === 1 ? input.small() : null));
  const joined = lists.flatMap((list) => list ?? []);
  const isSmall = lists.every((list) => list !== null) && joined.length <= SMALL_LIMIT;
  if (!isSmall || ![0, -1].includes(intOf(node, 'axis', 0))) return null;
  return smallConstant(joined, { isList: true, isInteger: inputs.every((input) => input?.isInteger) });
}

/** Element by element; a scalar is combined with each. The batch times 1, or plus 0, remains the batch. */
function arithmetic(compute: (a: number, b: number, isInteger: boolean) => number): Fold {
  return (_node, [one, other]) => {
    const [left, right] = [one?.small(), other?.small()];
    if (!one || !other || !left || !right) return null;
    const length = Math.max(left.length, right.length);
    const isInteger = one.isInteger && other.isInteger;
    const result: SmallElement[] = [];
    for (let index = 0; index < length; index += 1) {
      const a = left[left.length === 1 ? 0 : index];
      const b = right[right.length === 1 ? 0 : index];
      const value = a === undefined || b === undefined ? null : combine(a, b, compute, isInteger);
      if (value === null) return null;
      result.push(value);
    }
    return smallConstant(result, { isList: one.dims.length + other.dims.length > 0, isInteger });
  };
}

function combine(
  a: SmallElement,
  b: SmallElement,
  compute: (a: number, b: number, isInteger: boolean) => number,
  isInteger: boolean,
): SmallElement | null {
  if (a !== 'batch' && b !== 'batch') return compute(a, b, isInteger);
  // Two probes decide whether the batch passes unchanged.
  const probe = (batch: number): number =>
    compute(a === 'batch' ? batch : a, b === 'batch' ? batch : b, isInteger);
  return probe(1009) === 1009 && probe(2003) === 2003 ? 'batch' : null;
}

function foldRange(_node: FileNode, inputs: ConstantInputs): Constant | null {
  const [start, limit, step] = inputs.map((input) => (input ? numbersOf(input)?.[0] : undefined));
  if (start === undefined || limit === undefined || step === undefined || step === 0) return null;
  const length = Math.ceil((limit - start) / step);
  if (!(length >= 0 && length <= SMALL_LIMIT)) return null;
  const elements = Array.from({ length }, (_, index) => start + index * step);
  return smallConstant(elements, { isList: true, isInteger: inputs.every((input) => input?.isInteger) });
}

/** ConstantOfShape: a list of one value, 0 unless the attribute says otherwise. */
function foldFilled(node: FileNode, [sizes]: ConstantInputs): Constant | null {
  const dims = sizes ? numbersOf(sizes) : null;
  if (dims === null || dims.length > 1) return null;
  const length = dims[0] ?? 1;
  if (!(length >= 0 && length <= SMALL_LIMIT)) return null;
  const held = node.attributes.get('value');
  const value = held?.type === 'tensor' ? (held.value.numbers(1)?.[0] ?? 0) : 0;
  const isInteger = held?.type === 'tensor' && held.value.dtype.startsWith('i');
  return smallConstant(
    Array.from({ length }, () => value),
    { isList: dims.length === 1, isInteger },
  );
}
