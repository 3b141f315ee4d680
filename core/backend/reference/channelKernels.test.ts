import { describe, expect, it } from 'vitest';
import { toNodeId } from '../../diagnostics/ids.ts';
import { dropoutHash, dropoutKey, dropoutThreshold } from '../../program/dropoutHash.ts';
import { runKernel, tensor, type TestTensor } from './testing/runKernel.ts';

/*
 * Values computed by PyTorch 1.13 in float64, printed with six decimals: `arange(8).reshape(1, 4, 1, 2).mul(0.7).sin()`
 * through `F.group_norm`, `F.layer_norm`, `torch.softmax` and `F.prelu`, and back from `arange(8).mul(0.3).cos()`.
 */
const node = toNodeId('block');
const DIMS = [4, 1, 2];
const src: TestTensor = { dims: DIMS, values: Array.from({ length: 8 }, (_, i) => Math.sin(0.7 * i)) };
const gradient: TestTensor = { dims: DIMS, values: Array.from({ length: 8 }, (_, i) => Math.cos(0.3 * i)) };
const blank: TestTensor = { dims: DIMS };
const perChannel = (...values: number[]): TestTensor => ({ dims: [4], values });

function expectClose(actual: Float64Array | undefined, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((actual?.[i] ?? NaN) - value)).toBeLessThanOrEqual(5.0001e-7);
  });
}

describe('normalization within a sample', () => {
  const groups = { node, over: 'groups', groups: 2, epsilon: 1e-5 } as const;
  const gamma = perChannel(1, 2, 0.5, -1);

  it('by groups of channels, forward and backward', () => {
    const [, dst] = runKernel(
      {
        ...{ op: 'sampleNormForward', ...groups },
        ...{ src: tensor(0), dst: tensor(1), gamma: tensor(2), beta: tensor(3) },
      },
      1,
      [src, blank, gamma, perChannel(0, 0.1, 0.2, 0.3)],
    );
    expectClose(dst, [-1.639924, 0.055255, 2.006329, 1.363008, 0.969979, 0.311952, 1.075541, 1.288323]);
    const [, , diffSrc, , diffGamma, diffBeta] = runKernel(
      {
        ...{ op: 'sampleNormBackward', ...groups, src: tensor(0), diffDst: tensor(1), diffSrc: tensor(2) },
        ...{ gamma: tensor(3), diffGamma: tensor(4), diffBeta: tensor(5) },
      },
      1,
      [src, gradient, blank, gamma, perChannel(9, 9, 9, 9), perChannel(9, 9, 9, 9)],
    );
    expectClose(
      diffSrc,
      [0.273455, -0.704223, 0.669856, -0.239088, 0.179423, -0.345529, -0.163542, 0.329648],
    );
    expectClose(diffGamma, [-1.587137, 1.17923, 0.573854, 0.675155]);
    expectClose(diffBeta, [1.955336, 1.446946, 0.433095, -0.732048]);
  });

  it('over the whole sample, without gamma and beta', () => {
    const whole = { ...groups, groups: 1, gamma: null };
    const [, dst] = runKernel(
      { op: 'sampleNormForward', ...whole, src: tensor(0), dst: tensor(1), beta: null },
      1,
      [src, blank],
    );
    expectClose(dst, [-0.109555, 0.796656, 1.276661, 1.104708, 0.361668, -0.602996, -1.335586, -1.491555]);
    const [, , diffSrc] = runKernel(
      {
        ...{ op: 'sampleNormBackward', ...whole, src: tensor(0), diffDst: tensor(1), diffSrc: tensor(2) },
        ...{ diffGamma: null, diffBeta: null },
      },
      1,
      [src, gradient, blank],
    );
    expectClose(
      diffSrc,
      [0.929139, 0.302753, -0.178626, -0.358268, -0.260868, -0.071176, -0.034696, -0.328258],
    );
  });

  it('over the channels of one pixel: the same as the whole of a vector', () => {
    const run = (dims: readonly number[], over: 'pixel' | 'groups'): Float64Array | undefined =>
      runKernel(
        {
          ...{ op: 'sampleNormForward', node, src: tensor(0), dst: tensor(1), gamma: null, beta: null },
          ...{ over, groups: 1, epsilon: 1e-3 },
        },
        1,
        [{ ...src, dims }, { dims }],
      )[1];
    expect(run([8, 1, 1], 'pixel')).toEqual(run([8], 'groups'));
    expect(run([4, 1, 2], 'pixel')).not.toEqual(run([8], 'groups'));
  });
});

describe('softmax', () => {
  it('over the channels at each pixel, forward and backward', () => {
    const [, dst] = runKernel({ op: 'softmaxForward', node, src: tensor(0), dst: tensor(1) }, 1, [
      src,
      blank,
    ]);
    expectClose(dst, [0.181976, 0.355729, 0.487517, 0.442819, 0.254388, 0.131521, 0.076119, 0.06993]);
    const [, , diffSrc] = runKernel(
      { op: 'softmaxBackward', node, dst: tensor(0), diffDst: tensor(1), diffSrc: tensor(2) },
      1,
      [{ dims: DIMS, values: Array.from(dst ?? []) }, gradient, blank],
    );
    expectClose(diffSrc, [0.062013, 0.130281, 0.080981, 0.014395, -0.07552, -0.068176, -0.067474, -0.0765]);
  });

  it('stands large numbers', () => {
    const large = { dims: [2], values: [1000, 1000 + Math.log(3)] };
    const [, dst] = runKernel({ op: 'softmaxForward', node, src: tensor(0), dst: tensor(1) }, 1, [
      large,
      { dims: [2] },
    ]);
    expect(dst?.[0]).toBeCloseTo(0.25, 10);
  });
});

describe('PReLU', () => {
  it('bends below zero by the slope of the channel, forward and backward', () => {
    const slopes = perChannel(0.1, 0.2, 0.3, 0.4);
    const [, dst] = runKernel(
      { op: 'preluForward', node, src: tensor(0), weights: tensor(2), dst: tensor(1) },
      1,
      [src, blank, slopes],
    );
    expectClose(dst, [0, 0.644218, 0.98545, 0.863209, 0.334988, -0.105235, -0.34863, -0.392981]);
    const [, , diffSrc, , diffWeights] = runKernel(
      {
        ...{ op: 'preluBackward', node, src: tensor(0), diffDst: tensor(1), diffSrc: tensor(2) },
        ...{ weights: tensor(3), diffWeights: tensor(4) },
      },
      1,
      [src, gradient, blank, slopes, perChannel(9, 9, 9, 9)],
    );
    expectClose(diffSrc, [0.1, 0.955336, 0.825336, 0.62161, 0.362358, 0.021221, -0.090881, -0.201938]);
    expectClose(diffWeights, [0, 0, -0.024813, 0.694011]);
  });
});

describe('dropout of channels', () => {
  it('keeps or drops each channel of each sample as a whole, by the hash of its number', () => {
    const [rate, salt, randomKey] = [0.5, 3, 77];
    const ones = { dims: [6, 1, 2], values: new Array<number>(36).fill(1) };
    const [, dst] = runKernel(
      { op: 'channelDropout', node, src: tensor(0), dst: tensor(1), rate, salt },
      3,
      [ones, { dims: [6, 1, 2] }],
      { scalars: { learningRate: 0, step: 1, randomKey } },
    );
    const key = dropoutKey(randomKey, salt);
    const expected = Array.from({ length: 36 }, (_, i) =>
      dropoutHash(key, Math.floor(i / 2)) >= dropoutThreshold(rate) ? 2 : 0,
    );
    expect(Array.from(dst ?? [])).toEqual(expected);
    expect(new Set(expected).size).toBe(2);
  });
});

describe('dropout of samples', () => {
  it('keeps or drops each sample as a whole, by the hash of its number, and scales as torchvision', () => {
    const [rate, salt, randomKey] = [0.4, 3, 77];
    const [sampleSize, batch] = [6, 40];
    const ones = { dims: [3, 1, 2], values: new Array<number>(batch * sampleSize).fill(1) };
    const [, dst = []] = runKernel(
      { op: 'sampleDropout', node, src: tensor(0), dst: tensor(1), rate, salt },
      batch,
      [ones, { dims: [3, 1, 2] }],
      { scalars: { learningRate: 0, step: 1, randomKey } },
    );
    const key = dropoutKey(randomKey, salt);
    const kept = Array.from({ length: batch }, (_, n) => dropoutHash(key, n) >= dropoutThreshold(rate));
    const expected = kept.flatMap((keeps) => new Array<number>(sampleSize).fill(keeps ? 1 / 0.6 : 0));
    expect(Array.from(dst)).toEqual(expected);
    const share = kept.filter(Boolean).length / batch;
    expect(Math.abs(share - 0.6)).toBeLessThan(0.2);
  });
});
