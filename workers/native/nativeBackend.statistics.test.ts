import { describe, expect, it } from 'vitest';
import type { ComputePrecision } from '#core/backend/backend.ts';
import { describeGolden } from '#core/conformance/golden.ts';
import { chainCase } from '#core/conformance/conformanceCase.ts';
import { compileCase } from '#core/conformance/experiment.ts';
import { openStream } from '#core/training/random.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

const CHANNELS = 3;
const SIZE = 32;
const BATCH = 64;

/** Exact mean and biased variance per channel of [N, C, H, W], two passes in float64. */
function exactStatistics(images: Float32Array): number[] {
  const pixels = SIZE * SIZE;
  const valuesOf = (channel: number): number[] =>
    Array.from({ length: BATCH }, (_, n) => (n * CHANNELS + channel) * pixels).flatMap((at) =>
      Array.from(images.subarray(at, at + pixels)),
    );
  const moments = Array.from({ length: CHANNELS }, (_, channel) => {
    const values = valuesOf(channel);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
  });
  return [...moments.map(({ mean }) => mean), ...moments.map(({ variance }) => variance)];
}

const addon = requireAddon();

describe('batch statistics against float64', () => {
  const backend = createNativeBackend(addon);

  function measured(images: Float32Array, precision: ComputePrecision): Float32Array {
    const one = chainCase('statistics', [CHANNELS, SIZE, SIZE], BATCH, ['batchNorm']);
    const program = compileCase(one, { mode: 'calibrate', inputGradient: false });
    const session = backend.open(program.state, { threads: 2, precision });
    const prepared = session.prepare(program, BATCH);
    prepared.run({ images, labels: new Int32Array(BATCH) }, { learningRate: 0, step: 1, randomKey: 0 });
    return Float32Array.from(prepared.batchStatistics);
  }

  describeGolden('native', { backend, precision: 'f32' });

  // Sums are double, so the error is that of rounding to f32, 6e-8 of a number; oneDNN's two passes in f32 have 2e-7
  // (2.6.3) or 2.5e-6 (3.2) in the variance. A one-pass variance loses its digits if the mean is far from zero: E[x^2]
  // - mean^2 would be off by 6 % at 1,000.
  it.each([
    [0, 7e-8],
    [10, 7e-8],
    [100, 7e-8],
    [1000, 7e-8],
  ])('mean %d: the variance is right within %d', (centre, allowed) => {
    const random = openStream(7, 'statistics');
    const images = Float32Array.from(
      { length: BATCH * CHANNELS * SIZE * SIZE },
      () => centre + random.normal(),
    );
    const exact = exactStatistics(images);
    const got = measured(images, 'f32');
    for (let i = 0; i < CHANNELS; i += 1) {
      const scale = Math.max(1, centre);
      expect(Math.abs((got[i] ?? NaN) - (exact[i] ?? NaN)) / scale).toBeLessThan(allowed);
      expect(Math.abs((got[CHANNELS + i] ?? NaN) / (exact[CHANNELS + i] ?? NaN) - 1)).toBeLessThan(allowed);
    }
  });
});
