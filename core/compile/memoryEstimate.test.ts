import { describe, expect, it } from 'vitest';
import { PLAIN_SGD } from '../conformance/experiment.ts';
import { chain, network } from '../conformance/networks.ts';
import type { ProgramMode } from '../program/program.ts';
import { compile } from './compile.ts';
import { estimateMemory } from './memoryEstimate.ts';

const graph = network(
  [3, 8, 8],
  chain(['conv2d', { filters: 16 }], ['batchNorm'], ['relu'], ['conv2d', { filters: 16 }]),
);

function estimate(mode: ProgramMode, batch: number) {
  const program = compile(graph, { mode, input: { type: 'f32' }, optimizer: PLAIN_SGD, labelSmoothing: 0 });
  return { program, ...estimateMemory(program, batch) };
}

describe('estimateMemory', () => {
  it('counts the most that lives at once', () => {
    const { activationBytes } = estimate('evaluate', 2);
    const image = 16 * 64 * 4;
    // The input images, and the input and output of one of the large instructions.
    expect(activationBytes).toBe(2 * (3 * 64 * 4 + 2 * image));
  });
  it('grows with the batch, the state does not', () => {
    const [one, four] = [estimate('train', 1), estimate('train', 4)];
    expect(four.activationBytes).toBe(4 * one.activationBytes);
    expect(four.stateBytes).toBe(one.stateBytes);
  });
  it('counts gradients in training only, and sums up', () => {
    const train = estimate('train', 2);
    expect(train.gradientBytes).toBe(train.program.state.parameterSize * 4);
    expect(train.totalBytes).toBe(train.activationBytes + train.stateBytes + train.gradientBytes);
    expect(estimate('evaluate', 2).gradientBytes).toBe(0);
    expect(train.activationBytes).toBeGreaterThan(estimate('evaluate', 2).activationBytes);
  });
});
