import type { Activation, ActivationForward } from '../../program/instruction.ts';
import { float, type GraphBuilder } from './graphBuilder.ts';
import type { OpContext } from './opContext.ts';

/** Functions that are one ONNX node; `alpha` says which take it as an attribute. */
const SINGLE: Readonly<Partial<Record<Activation, { opType: string; alpha: boolean }>>> = {
  relu: { opType: 'Relu', alpha: false },
  leakyRelu: { opType: 'LeakyRelu', alpha: true },
  elu: { opType: 'Elu', alpha: true },
  hardSwish: { opType: 'HardSwish', alpha: false },
  sigmoid: { opType: 'Sigmoid', alpha: false },
  tanh: { opType: 'Tanh', alpha: false },
};

/** Element-wise function as one node, or composed where opset 17 has none: SiLU, and GELU (a node from opset 20 on). */
export function lowerActivation({ node, fn, alpha, src, dst }: ActivationForward, context: OpContext): void {
  const { builder } = context;
  const from = context.nameOf(src);
  const to = context.nameOf(dst);
  const single = SINGLE[fn];
  if (single) builder.node(node, single.opType, [from], to, single.alpha ? { alpha: float(alpha) } : {});
  else if (fn === 'silu') lowerSilu(builder, node, from, to);
  else if (fn === 'geluTanh') lowerGeluTanh(builder, node, from, to);
  else lowerGelu(builder, node, from, to);
}

/** `x * sigmoid(x)`. */
function lowerSilu(builder: GraphBuilder, node: string, from: string, to: string): void {
  const gate = builder.node(`${node}.sigmoid`, 'Sigmoid', [from], `${node}.sigmoid.out`);
  builder.node(node, 'Mul', [from, gate], to);
}

/** `x/2 * (1 + erf(x / sqrt 2))`, the exact form that PyTorch takes by default. */
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
