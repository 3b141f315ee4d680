import type { Activation } from '../../program/instruction.ts';
import { erf } from './errorFunction.ts';
import type { Kernel } from './kernel.ts';
import { at } from './values.ts';

/*
 * src, dst of one shape, element by element; a = alpha.
 * Forward:  dst = f(src)                  Backward: diffSrc = diffDst * f'(src)
 *   relu       max(0, x)                    x > 0 ? 1 : 0
 *   relu6      min(max(0, x), 6)            0 < x < 6 ? 1 : 0
 *   leakyRelu  x > 0 ? x : a*x              x > 0 ? 1 : a
 *   elu        x > 0 ? x : a*(e^x - 1)      x > 0 ? 1 : y + a
 *   gelu       x * Phi(x)                   Phi(x) + x * phi(x), Phi and phi of the standard normal distribution
 *   geluTanh   x/2 * (1 + t), t = tanh(sqrt(2/pi) * (x + 0.044715 x^3))
 *              slope (1 + t)/2 + x/2 * (1 - t^2) * sqrt(2/pi) * (1 + 3 * 0.044715 x^2)
 *   silu       x * s(x), s the logistic     s(x) * (1 + x * (1 - s(x)))
 *   hardSwish  x * clip(x + 3, 0, 6) / 6    0 below -3, 1 above 3, (2x + 3)/6 between
 *   sigmoid    s(x)                         y * (1 - y)
 *   hardSigmoid  clip(x/6 + 1/2, 0, 1)      -3 < x < 3 ? 1/6 : 0
 *   tanh       tanh(x)                      1 - y^2
 * At a kink the derivative is the one from the left, as in PyTorch; relu6 and hardSigmoid have 0 at both of theirs.
 */
interface Function {
  readonly value: (x: number, alpha: number) => number;
  /** `y` is the value at `x`. */
  readonly slope: (x: number, y: number, alpha: number) => number;
}

export const FUNCTIONS: Readonly<Record<Activation, Function>> = {
  relu: { value: (x) => (x > 0 ? x : 0), slope: (x) => (x > 0 ? 1 : 0) },
  relu6: { value: (x) => Math.min(x > 0 ? x : 0, 6), slope: (x) => (x > 0 && x < 6 ? 1 : 0) },
  leakyRelu: { value: (x, alpha) => (x > 0 ? x : alpha * x), slope: (x, _, alpha) => (x > 0 ? 1 : alpha) },
  elu: {
    value: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
    slope: (x, y, alpha) => (x > 0 ? 1 : y + alpha),
  },
  gelu: { value: (x) => x * normalShare(x), slope: (x) => normalShare(x) + x * normalDensity(x) },
  geluTanh: { value: (x) => 0.5 * x * (1 + tanhGate(x)), slope: geluTanhSlope },
  silu: {
    value: (x) => x * logistic(x),
    slope: (x) => logistic(x) * (1 + x * (1 - logistic(x))),
  },
  hardSwish: {
    value: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
    slope: (x) => (x <= -3 ? 0 : x <= 3 ? (2 * x + 3) / 6 : 1),
  },
  sigmoid: { value: logistic, slope: (_, y) => y * (1 - y) },
  hardSigmoid: {
    value: (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1),
    slope: (x) => (x > -3 && x < 3 ? 1 / 6 : 0),
  },
  tanh: { value: Math.tanh, slope: (_, y) => 1 - y * y },
};

export const activationForward: Kernel<'activationForward'> = (instruction, context) => {
  const { value } = FUNCTIONS[instruction.fn];
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  return () => {
    for (let i = 0; i < dst.length; i += 1) dst[i] = value(at(src, i), instruction.alpha);
  };
};

export const activationBackward: Kernel<'activationBackward'> = (instruction, context) => {
  const { slope } = FUNCTIONS[instruction.fn];
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const diffDst = context.data(instruction.diffDst);
  const diffSrc = context.data(instruction.diffSrc);
  return () => {
    for (let i = 0; i < diffSrc.length; i += 1) {
      diffSrc[i] = at(diffDst, i) * slope(at(src, i), at(dst, i), instruction.alpha);
    }
  };
};

function logistic(x: number): number {
  // The exponential of a large positive number would overflow.
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** t of `geluTanh`; Hendrycks and Gimpel 2016, section 2. */
function tanhGate(x: number): number {
  return Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
}

function geluTanhSlope(x: number): number {
  const gate = tanhGate(x);
  const inner = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
  return 0.5 * (1 + gate) + 0.5 * x * (1 - gate * gate) * inner;
}

function normalShare(x: number): number {
  return 0.5 * (1 + erf(x / Math.SQRT2));
}

function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}
