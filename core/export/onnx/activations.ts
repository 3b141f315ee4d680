import type { Activation, ActivationForward, FusedActivation } from '../../program/instruction.ts';
import { float, type GraphBuilder } from './graphBuilder.ts';
import type { OpContext } from './opContext.ts';

/** Adds the nodes of one function; the last one is named `node` and outputs `to`. */
type Lowering = (builder: GraphBuilder, node: string, from: string, to: string, alpha: number) => void;

/** Element-wise functions as one node, or composed where opset 17 has none: SiLU, and GELU (which opset 20 adds). */
const LOWERINGS: Readonly<Record<Activation, Lowering>> = {
  relu: single('Relu'),
  relu6: lowerRelu6,
  leakyRelu: singleWithAlpha('LeakyRelu'),
  elu: singleWithAlpha('Elu'),
  gelu: lowerGelu,
  geluTanh: lowerGeluTanh,
  silu: lowerSilu,
  hardSwish: single('HardSwish'),
  sigmoid: single('Sigmoid'),
  hardSigmoid: lowerHardSigmoid,
  tanh: single('Tanh'),
};

export function lowerActivation({ node, fn, alpha, src, dst }: ActivationForward, context: OpContext): void {
  LOWERINGS[fn](context.builder, node, context.nameOf(src), context.nameOf(dst), alpha);
}

/** Adds the nodes of a function that a batch normalization computes in the same pass. */
export function lowerFused(
  fn: FusedActivation,
  builder: GraphBuilder,
  node: string,
  from: string,
  to: string,
): void {
  LOWERINGS[fn](builder, node, from, to, 0);
}

function single(opType: string): Lowering {
  return (builder, node, from, to) => void builder.node(node, opType, [from], to, {});
}

function singleWithAlpha(opType: string): Lowering {
  return (builder, node, from, to, alpha) =>
    void builder.node(node, opType, [from], to, { alpha: float(alpha) });
}

/** Clip from 0 to 6. */
function lowerRelu6(builder: GraphBuilder, node: string, from: string, to: string): void {
  const bounds = Object.entries({ min: 0, max: 6 }).map(([name, value]) =>
    builder.constant(`${node}.${name}`, [], Float32Array.of(value)),
  );
  builder.node(node, 'Clip', [from, ...bounds], to);
}

/** HardSigmoid with PyTorch's slope; ONNX's default is 0.2. */
function lowerHardSigmoid(builder: GraphBuilder, node: string, from: string, to: string): void {
  builder.node(node, 'HardSigmoid', [from], to, { alpha: float(1 / 6), beta: float(0.5) });
}

/** `x * sigmoid(x)`. */
function lowerSilu(builder: GraphBuilder, node: string, from: string, to: string): void {
  const gate = builder.node(`${node}.sigmoid`, 'Sigmoid', [from], `${node}.sigmoid.out`);
  builder.node(node, 'Mul', [from, gate], to);
}

/** `x/2 * (1 + erf(x / sqrt 2))`, the exact form and PyTorch's default. */
function lowerGelu(builder: GraphBuilder, node: string, from: string, to: string): void {
  const scalar = (name: string, value: number): string =>
    builder.constant(`${node}.${name}`, [], Float32Array.of(value));
  const scaled = builder.node(
    `${node}.scale`,
    'Mul',
    [from, scalar('rsqrt2', Math.SQRT1_2)],
    `${node}.scale.out`,
  );
  const erf = builder.node(`${node}.erf`, 'Erf', [scaled], `${node}.erf.out`);
  const shifted = builder.node(`${node}.shift`, 'Add', [erf, scalar('one', 1)], `${node}.shift.out`);
  const half = builder.node(`${node}.half`, 'Mul', [from, scalar('half.factor', 0.5)], `${node}.half.out`);
  builder.node(node, 'Mul', [half, shifted], to);
}

/** `x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))`. */
function lowerGeluTanh(builder: GraphBuilder, node: string, from: string, to: string): void {
  const step = (name: string, opType: string, inputs: readonly string[]): string =>
    builder.node(`${node}.${name}`, opType, inputs, `${node}.${name}.out`);
  const scalar = (name: string, value: number): string =>
    builder.constant(`${node}.${name}`, [], Float32Array.of(value));
  const square = step('square', 'Mul', [from, from]);
  const weighed = step('weighed', 'Mul', [square, scalar('cubic', 0.044715)]);
  const factor = step('factor', 'Add', [weighed, scalar('one', 1)]);
  const bent = step('bent', 'Mul', [from, factor]);
  const scaled = step('scale', 'Mul', [bent, scalar('root', Math.sqrt(2 / Math.PI))]);
  const shifted = step('shift', 'Add', [step('tanh', 'Tanh', [scaled]), scalar('shift.one', 1)]);
  const half = step('half', 'Mul', [from, scalar('half.factor', 0.5)]);
  builder.node(node, 'Mul', [half, shifted], to);
}
