import { describe, expect, it } from 'vitest';
import { programCost } from './programCost.ts';
import { tinyDocument, tinyProgram } from './testing/tinyRun.ts';

const ceilings = { flopsPerSecond: 1e9, bytesPerSecond: 1e9 };

describe('programCost', () => {
  it('counts forward, data gradient and weight gradient, but no gradient at the pictures', () => {
    const document = tinyDocument();
    const conv = 2 * 4 * 36 * 9;
    const dense = 2 * 3 * 144;
    const batch = 5;
    const forward = programCost(tinyProgram(document, 'evaluate'), batch, 4, ceilings);
    const training = programCost(tinyProgram(document, 'train'), batch, 4, ceilings);
    expect(forward.flops).toBe(batch * (conv + dense));
    expect(training.flops).toBe(batch * (2 * conv + 3 * dense));
  });

  it('takes the longer of arithmetic and traffic', () => {
    const program = tinyProgram(tinyDocument(), 'train');
    const both = programCost(program, 5, 4, ceilings);
    const noTraffic = programCost(program, 5, 4, { ...ceilings, bytesPerSecond: Infinity });
    const noArithmetic = programCost(program, 5, 4, { ...ceilings, flopsPerSecond: Infinity });
    expect(noTraffic.idealMs).toBeCloseTo((1000 * both.flops) / 1e9, 9);
    expect(noArithmetic.idealMs).toBeCloseTo((1000 * both.bytes) / 1e9, 9);
    expect(both.idealMs).toBeGreaterThan(Math.max(noTraffic.idealMs, noArithmetic.idealMs));
    expect(both.idealMs).toBeLessThan(noTraffic.idealMs + noArithmetic.idealMs);
    expect(programCost(program, 5, 2, ceilings).bytes).toBeLessThan(both.bytes);
    expect(both.largestTensorBytes).toBe(5 * 144 * 4);
  });
});
