import { describe, expect, it } from 'vitest';
import { LOSS_CASES } from '../conformance/lossCases.ts';
import { CROSS_ENTROPY } from '../program/loss.ts';
import { LOSS_KINDS, LOSS_NUMBERS, LOSSES, lossSchema } from './registry.ts';

/** Loss and gradient of one sample of class 1. */
function sampleOf(row: (typeof LOSSES)[number]['row'], terms: Parameters<typeof row>[0], logits: number[]) {
  const slopes = new Float64Array(logits.length);
  return { loss: row(terms, Float64Array.from(logits), 1, slopes), slopes };
}

describe.each(LOSSES)('the loss $kind', ({ kind, option, schema, numbers, ofOneLogit, terms, row }) => {
  const plan = { ...CROSS_ENTROPY, labelSmoothing: 0.1, kind, ...terms({ kind }) };

  it('has a name on the command line, defaults, and limits for each of its numbers', () => {
    expect(option).toMatch(/^[a-z-]+$/);
    const defaults = schema.parse({ kind });
    expect(lossSchema.parse({ kind })).toEqual(defaults);
    expect(Object.keys(defaults)).toEqual(['kind', ...Object.keys(numbers)]);
    for (const [name, { min, help }] of Object.entries(numbers)) {
      expect(help, name).not.toBe('');
      expect(schema.safeParse({ kind, [name]: min - 1 }).success, name).toBe(false);
    }
  });

  it.each([[[0.3, -0.8, 1.1]], ...(ofOneLogit ? [[[0.7]]] : [])])(
    'has the slopes of its values at %j',
    (logits) => {
      const { slopes } = sampleOf(row, plan, logits);
      logits.forEach((_, k) => {
        const at = (shift: number) =>
          sampleOf(
            row,
            plan,
            logits.map((z, index) => (index === k ? z + shift : z)),
          ).loss;
        expect(slopes[k]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 8);
      });
    },
  );

  it('is held against every backend', () => {
    expect(LOSS_CASES.map(({ options }) => options?.loss?.kind ?? 'crossEntropy')).toContain(kind);
  });
});

it('offers the losses, and their numbers under these names, in this order', () => {
  expect(LOSS_KINDS).toEqual(['crossEntropy', 'binaryCrossEntropy', 'focal', 'mse']);
  expect(LOSS_NUMBERS.map(({ name }) => name)).toEqual(['focalGamma', 'focalAlpha']);
});
