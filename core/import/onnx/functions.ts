import { erf } from '../../backend/reference/errorFunction.ts';
import type { Params } from '../../document/schema.ts';
import { floatOf, intOf, shortest, textOf } from './attributes.ts';
import type { FileNode } from './fileModel.ts';

/** An element-wise function of one block. */
export interface BlockFunction {
  readonly kind: string;
  readonly params: Params;
}

/** The value of a node at one point, from the values of its inputs; undefined for an input that was left out. */
export type PointFunction = (node: FileNode, ...inputs: (number | undefined)[]) => number;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log1p(Math.exp(x));
const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const gelu = (x: number): number => (x / 2) * (1 + erf(x * Math.SQRT1_2));
const geluTanh = (x: number): number =>
  (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
const hardSigmoid = (x: number): number => clamp(x / 6 + 0.5, 0, 1);

/** An element-wise operator of one input, without attributes. */
const unary =
  (compute: (x: number) => number): PointFunction =>
  (_node, x = NaN) =>
    compute(x);
const binary =
  (compute: (a: number, b: number) => number): PointFunction =>
  (_node, a = NaN, b = NaN) =>
    compute(a, b);

/** The element-wise operators of ONNX, as in its Operators.md. */
export const POINT_FUNCTIONS: Readonly<Record<string, PointFunction>> = {
  Relu: unary((x) => Math.max(x, 0)),
  Sigmoid: unary(sigmoid),
  Tanh: unary(Math.tanh),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Softplus: unary(softplus),
  Sqrt: unary(Math.sqrt),
  Abs: unary(Math.abs),
  Neg: unary((x) => -x),
  Reciprocal: unary((x) => 1 / x),
  HardSwish: unary((x) => x * hardSigmoid(x)),
  Identity: unary((x) => x),
  Cast: unary((x) => x),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Pow: binary((a, b) => a ** b),
  Min: binary(Math.min),
  Max: binary(Math.max),
  Clip: (node, x = NaN, low, high) =>
    clamp(x, low ?? floatOf(node, 'min', -Infinity), high ?? floatOf(node, 'max', Infinity)),
  LeakyRelu: (node, x = NaN) => (x >= 0 ? x : floatOf(node, 'alpha', 0.01) * x),
  Elu: (node, x = NaN) => (x >= 0 ? x : floatOf(node, 'alpha', 1) * Math.expm1(x)),
  HardSigmoid: (node, x = NaN) => clamp(floatOf(node, 'alpha', 0.2) * x + floatOf(node, 'beta', 0.5), 0, 1),
  Gelu: (node, x = NaN) => (textOf(node, 'approximate', 'none') === 'tanh' ? geluTanh(x) : gelu(x)),
  Swish: (node, x = NaN) => x * sigmoid(floatOf(node, 'alpha', 1) * x),
};

/** True for an element-wise operator of one activation and constants, such as `x + 3`. */
export function isElementwise(node: FileNode): boolean {
  if (node.domain !== '' || !Object.hasOwn(POINT_FUNCTIONS, node.opType)) return false;
  // A cast to integers rounds; the types 1, 10, 11 and 16 are floating.
  return node.opType !== 'Cast' || [1, 10, 11, 16].includes(intOf(node, 'to', 1));
}

/** The kind of the function that returns its argument, such as `x * 1`. */
export const NO_BLOCK = 'none';

/** Every function of a block without parameters of its own. */
const PLAIN: readonly (readonly [BlockFunction, (x: number) => number])[] = [
  [{ kind: NO_BLOCK, params: {} }, (x) => x],
  [{ kind: 'relu', params: {} }, (x) => Math.max(x, 0)],
  [{ kind: 'relu6', params: {} }, (x) => clamp(x, 0, 6)],
  [{ kind: 'sigmoid', params: {} }, sigmoid],
  [{ kind: 'tanh', params: {} }, Math.tanh],
  [{ kind: 'silu', params: {} }, (x) => x * sigmoid(x)],
  [{ kind: 'hardSwish', params: {} }, (x) => x * hardSigmoid(x)],
  [{ kind: 'hardSigmoid', params: {} }, hardSigmoid],
  [{ kind: 'gelu', params: {} }, gelu],
  [{ kind: 'gelu', params: { form: 'tanh' } }, geluTanh],
];

/** Where two functions are compared; both sides of every bend of the functions above. */
const POINTS = [
  ...[-12, -7.5, -6.2, -6, -5, -4.1, -3.3, -3, -2.6, -2, -1.2, -1, -0.7, -0.3, -0.1, -0.01],
  ...[0, 0.01, 0.1, 0.3, 0.7, 1, 1.2, 2, 2.6, 3, 3.3, 4.1, 5, 6, 6.2, 7.5, 12],
];
/** Above the rounding of float32 constants, and below the distance of any two functions: 3e-4 for both GELUs. */
const TOLERANCE = 1e-5;

/**
 * The block that computes `compute` for every number, or null. Functions are compared by their values, so that it does
 * not matter of which operators an exporter composed one.
 */
export function recognizeFunction(compute: (x: number) => number): BlockFunction | null {
  const values = POINTS.map(compute);
  if (values.some(Number.isNaN)) return null;
  const equals = (candidate: (x: number) => number): boolean =>
    POINTS.every((x, index) => {
      const [wanted, found] = [candidate(x), values[index] ?? NaN];
      return Math.abs(found - wanted) <= TOLERANCE * Math.max(1, Math.abs(wanted));
    });
  const plain = PLAIN.find(([, candidate]) => equals(candidate));
  if (plain !== undefined) return plain[0];
  const slope = shortest(-compute(-1));
  if (slope > 0 && slope < 1 && equals((x) => (x >= 0 ? x : slope * x)))
    return { kind: 'leakyRelu', params: { alpha: slope } };
  const bend = shortest(compute(-1) / Math.expm1(-1));
  if (bend > 0 && equals((x) => (x >= 0 ? x : bend * Math.expm1(x))))
    return { kind: 'elu', params: { alpha: bend } };
  return null;
}
