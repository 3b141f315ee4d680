import { describe, expect, it } from 'vitest';
import { erf } from '../../backend/reference/errorFunction.ts';
import { recognizeFunction } from './functions.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

describe('recognizeFunction', () => {
  it.each([
    ['relu', (x: number) => clip(x, 0, Infinity)],
    ['relu6', (x: number) => clip(x, 0, 6)],
    ['sigmoid', (x: number) => 0.5 * (1 + Math.tanh(x / 2))],
    ['tanh', (x: number) => 2 * sigmoid(2 * x) - 1],
    ['silu', (x: number) => x * sigmoid(x)],
    ['hardSwish', (x: number) => (x * clip(x + 3, 0, 6)) / 6],
    ['hardSwish', (x: number) => x * clip(Math.fround(1 / 6) * x + 0.5, 0, 1)],
    ['hardSigmoid', (x: number) => clip(x + 3, 0, 6) * Math.fround(1 / 6)],
    ['gelu', (x: number) => x * (erf(x / Math.fround(Math.SQRT2)) + 1) * 0.5],
    ['none', (x: number) => (x + 1) * 2 - 2 - x],
  ])('knows %s in whatever form', (kind, compute) => {
    expect(recognizeFunction(compute)).toEqual({ kind, params: {} });
  });

  it('tells both forms of GELU apart', () => {
    const byTanh = (x: number): number =>
      0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    expect(recognizeFunction(byTanh)).toEqual({ kind: 'gelu', params: { form: 'tanh' } });
  });

  it('finds the slope and the limit', () => {
    const slope = Math.fround(0.01);
    expect(recognizeFunction((x) => Math.max(x, slope * x))).toEqual({
      kind: 'leakyRelu',
      params: { alpha: 0.01 },
    });
    const limit = (x: number): number => (x > 0 ? x : 0.7 * (Math.exp(x) - 1));
    expect(recognizeFunction(limit)).toEqual({ kind: 'elu', params: { alpha: 0.7 } });
  });

  it.each([
    ['a line', (x: number) => 2 * x],
    ['a shifted ReLU', (x: number) => Math.max(x - 0.001, 0)],
    ['SELU', (x: number) => 1.0507 * (x > 0 ? x : 1.6733 * Math.expm1(x))],
    ['a clip up to 5.99', (x: number) => clip(x, 0, 5.99)],
    ['Keras 2’s hard sigmoid', (x: number) => clip(0.2 * x + 0.5, 0, 1)],
    ['a function with poles', (x: number) => 1 / x],
  ])('knows no block for %s', (_name, compute) => {
    expect(recognizeFunction(compute)).toBeNull();
  });
});
