import { elementCount } from '../../program/shape.ts';
import { intOf, intsOf } from './attributes.ts';
import { constantOfNode, filledConstant, smallConstant } from './constants.ts';
import type { FileNode } from './fileModel.ts';
import { joinAlong, permuteSmall, sliceIndices, takeAlong, type SmallArray } from './smallArrays.ts';
import { permuted, SMALL_LIMIT, withDims, type Constant, type SmallElement } from './values.ts';

/** The inputs of a node that are constants; null for an activation, and for an input that was left out. */
export type ConstantInputs = readonly (Constant | null)[];

type Fold = (node: FileNode, inputs: ConstantInputs) => Constant | null | undefined;

/** The operators that exporters leave around shapes, and those that only arrange the elements of weights. */
const FOLDS: Readonly<Record<string, Fold>> = {
  Constant: constantOfNode,
  Identity: (_node, [from]) => from,
  Cast: (node, [from]) => from && (castsToInteger(node) ? cut(from) : { ...from, isInteger: false }),
  CastLike: (_node, [from]) => from,
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
  Expand: (_node, [from, sizes]) => (from && sizes ? foldExpand(from, sizes) : null),
};
/** The second input only has the type of the result. */
const BY_FIRST_INPUT = 'CastLike';

/** The constant that a node outputs, or null where its inputs are not constants or it does something else. */
export function foldNode(node: FileNode, inputs: ConstantInputs): Constant | null {
  const fold = node.domain === '' && Object.hasOwn(FOLDS, node.opType) ? FOLDS[node.opType] : undefined;
  return fold?.(node, inputs) ?? null;
}

/** True where all inputs that decide the output of `node` are constants. */
export function hasConstantInputs(
  { opType, inputs }: FileNode,
  isConstant: (name: string) => boolean,
): boolean {
  const deciding = opType === BY_FIRST_INPUT ? inputs.slice(0, 1) : inputs;
  return deciding.every((name) => name === '' || isConstant(name));
}

/** The result of a Shape node for a value with these dims. */
export function shapeConstant(node: FileNode, dims: readonly SmallElement[]): Constant | null {
  if (dims.length > SMALL_LIMIT) return null;
  const elements = dims.slice(intOf(node, 'start', 0), intOf(node, 'end', dims.length));
  return smallConstant({ dims: [elements.length], elements }, true);
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

function smallOf(constant: Constant | null | undefined): SmallArray | null {
  const elements = constant?.small();
  return constant && elements ? { dims: constant.dims, elements } : null;
}

/** `TensorProto.DataType` of integers: 2 to 7, 12 and 13. */
function castsToInteger(node: FileNode): boolean {
  const to = intOf(node, 'to', 1);
  return (to >= 2 && to <= 7) || to === 12 || to === 13;
}

/** A cast to integers drops the remainder. */
function cut(from: Constant): Constant {
  const integer = (element: SmallElement): SmallElement =>
    element === 'batch' ? element : Math.trunc(element);
  return {
    ...from,
    isInteger: true,
    read: () => from.read().map(Math.trunc),
    small: () => from.small()?.map(integer) ?? null,
  };
}

function foldTranspose(node: FileNode, from: Constant): Constant | null {
  const rank = from.dims.length;
  const perm = intsOf(node, 'perm') ?? Array.from({ length: rank }, (_, index) => rank - 1 - index);
  const isPermutation = perm.length === rank && new Set(perm).size === rank;
  if (!isPermutation || perm.some((axis) => axis < 0 || axis >= rank)) return null;
  const small = smallOf(from);
  return {
    ...permuted(from, perm),
    small: () => (small === null ? null : permuteSmall(small, perm).elements),
  };
}

function foldReshape(from: Constant, sizes: Constant): Constant | null {
  const wanted = numbersOf(sizes);
  if (wanted === null) return null;
  const sized = wanted.map((size, index) => (size === 0 ? (from.dims[index] ?? 0) : size));
  const count = elementCount(from.dims);
  const known = elementCount(sized.filter((size) => size !== -1));
  const dims = sized.map((size) => (size === -1 ? count / known : size));
  return elementCount(dims) === count && dims.every(Number.isInteger) ? withDims(from, dims) : null;
}

function foldUnsqueeze(from: Constant, axes: readonly number[] | null): Constant | null {
  if (axes === null) return null;
  const rank = from.dims.length + axes.length;
  const ones = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const left = [...from.dims];
  const dims = Array.from({ length: rank }, (_, index) => (ones.has(index) ? 1 : (left.shift() ?? 1)));
  return withDims(from, dims);
}

function foldSqueeze(from: Constant, axes: readonly number[] | null): Constant | null {
  const rank = from.dims.length;
  const dropped = axes === null ? null : new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const dims = from.dims.filter((dim, index) => !(dropped === null ? dim === 1 : dropped.has(index)));
  return elementCount(dims) === elementCount(from.dims) ? withDims(from, dims) : null;
}

function foldGather(node: FileNode, [from, indices]: ConstantInputs): Constant | null {
  const small = smallOf(from);
  const picks = indices && numbersOf(indices);
  if (!from || !small || !picks) return null;
  const [axis, rank] = [intOf(node, 'axis', 0), small.dims.length];
  const along = axis < 0 ? axis + rank : axis;
  const size = small.dims[along] ?? 0;
  const places = picks.map((pick) => (pick < 0 ? pick + size : pick));
  const taken = takeAlong(small, along, places);
  if (taken === null || picks.length * small.elements.length > SMALL_LIMIT ** 2) return null;
  const dims = [...small.dims.slice(0, along), ...indices.dims, ...small.dims.slice(along + 1)];
  return bounded({ dims, elements: taken.elements }, from.isInteger);
}

/** Before opset 10 the bounds were attributes. */
function foldSlice(node: FileNode, [from, ...bounds]: ConstantInputs): Constant | null {
  let small = smallOf(from);
  const list = (index: number, name: string): readonly number[] | null => {
    const input = bounds[index];
    return input ? numbersOf(input) : intsOf(node, name);
  };
  const [starts, ends] = [list(0, 'starts'), list(1, 'ends')];
  if (!from || starts?.length !== ends?.length) return null;
  const axes = list(2, 'axes') ?? starts?.map((_, index) => index) ?? [];
  const steps = list(3, 'steps') ?? axes.map(() => 1);
  axes.forEach((axis, index) => {
    if (small === null) return;
    const along = axis < 0 ? axis + small.dims.length : axis;
    const indices = sliceIndices(
      small.dims[along] ?? 0,
      starts?.[index] ?? 0,
      ends?.[index] ?? 0,
      steps[index] ?? 1,
    );
    small = takeAlong(small, along, indices);
  });
  return small === null ? null : smallConstant(small, from.isInteger);
}

function foldConcat(node: FileNode, inputs: ConstantInputs): Constant | null {
  if (inputs.length > SMALL_LIMIT) return null;
  const arrays = inputs.map(smallOf).filter((array) => array !== null);
  const [first] = arrays;
  if (first === undefined || arrays.length !== inputs.length) return null;
  const axis = intOf(node, 'axis', 0);
  const joined = joinAlong(arrays, axis < 0 ? axis + first.dims.length : axis);
  return (
    joined &&
    bounded(
      joined,
      inputs.every((input) => input?.isInteger),
    )
  );
}

function bounded(array: SmallArray, isInteger: boolean): Constant | null {
  return array.elements.length > SMALL_LIMIT ? null : smallConstant(array, isInteger);
}

/** Element by element; a scalar is combined with each. The batch times 1, or plus 0, remains the batch. */
function arithmetic(compute: (a: number, b: number, isInteger: boolean) => number): Fold {
  return (_node, [one, other]) => {
    const [left, right] = [smallOf(one), smallOf(other)];
    if (!one || !other || !left || !right) return null;
    const [longer, shorter] = left.elements.length < right.elements.length ? [right, left] : [left, right];
    if (shorter.elements.length !== 1 && shorter.dims.join() !== longer.dims.join()) return null;
    const isInteger = one.isInteger && other.isInteger;
    const elements: SmallElement[] = [];
    for (let index = 0; index < longer.elements.length; index += 1) {
      const a = left.elements[left.elements.length === 1 ? 0 : index] ?? 0;
      const b = right.elements[right.elements.length === 1 ? 0 : index] ?? 0;
      const value = combine(a, b, compute, isInteger);
      if (value === null) return null;
      elements.push(value);
    }
    const { dims } = left.dims.length < right.dims.length ? right : left;
    return smallConstant({ dims: shorter.elements.length === 1 ? dims : longer.dims, elements }, isInteger);
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
  return smallConstant(
    { dims: [length], elements },
    inputs.every((input) => input?.isInteger),
  );
}

/** ConstantOfShape: one value, 0 unless the attribute says otherwise. */
function foldFilled(node: FileNode, [sizes]: ConstantInputs): Constant | null {
  const dims = sizes ? numbersOf(sizes) : null;
  const held = node.attributes.get('value');
  const value = held?.type === 'tensor' ? (held.value.numbers(1)?.[0] ?? 0) : 0;
  const isInteger = held?.type === 'tensor' && /^[iu]/.test(held.value.dtype);
  return dims && filledConstant(dims, value, isInteger);
}

/** A single value, repeated. */
function foldExpand(from: Constant, sizes: Constant): Constant | null {
  const dims = numbersOf(sizes);
  const value = smallOf(from)?.elements[0];
  if (dims === null || elementCount(from.dims) !== 1 || value === undefined || value === 'batch') return null;
  return filledConstant(dims.length < from.dims.length ? from.dims : dims, value, from.isInteger);
}
