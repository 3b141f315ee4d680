import { describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { benchProgram } from './benchProgram.ts';

describe('benchProgram', () => {
  it('measures steps, work and ceilings', { timeout: 30_000, retry: 3 }, () => {
    const result = benchProgram({
      document: tinyDocument({ batchSize: 4 }),
      steps: 3,
      backend: referenceBackend,
    });
    expect(result).toMatchObject({ batch: 4, steps: 3, precision: 'f64' });
    expect(result.gflopPerStep).toBeCloseTo((4 * (2 * 2 * 4 * 36 * 9 + 3 * 2 * 3 * 144)) / 1e9, 12);
    expect(result.imagesPerSecond).toBeCloseTo(4000 / result.msPerStep, 6);
    expect(result.efficiency).toBeGreaterThan(0);
    // A machine that is busy while the ceilings are measured can make the network look faster than the ceilings.
    expect(result.efficiency).toBeLessThan(3);
    expect(result.peakRssMb).toBeGreaterThan(10);
    expect(result.ceilings.gflopPerSecond).toBeGreaterThan(0);
  });
});
