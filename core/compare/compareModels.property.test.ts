import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import type { GraphDocument } from '../document/schema.ts';
import { tinyDocument } from '../training/testing/tinyRun.ts';
import type { ComparableNetwork } from './comparable.ts';
import { compareModels, type ModelComparison } from './compareModels.ts';
import { networkOf, renamed, withParams, withValues } from './testing/networks.ts';
import { isEqual } from './verdict.ts';

const documents: readonly GraphDocument[] = [
  tinyDocument(),
  withParams(tinyDocument(), 'bn1', { epsilon: 1e-3, trainBeta: false }),
  withParams(tinyDocument(), 'conv1', { filters: 6 }),
  renamed(tinyDocument(), (id) => `other-${id}`),
  renamed(tinyDocument(), (id) => (id === 'relu1' ? 'act' : id)),
];

const models = fc
  .record({
    document: fc.constantFrom(...documents),
    seed: fc.integer({ min: 1, max: 3 }),
    slot: fc.nat(),
    values: fc.oneof(fc.constant(null), fc.array(fc.float(), { maxLength: 3 })),
  })
  .map(({ document, seed, slot, values }): ComparableNetwork => {
    const model = networkOf(document, seed);
    const names = [...model.network.values.keys()];
    const name = must(names[slot % names.length], 'slot');
    return withValues(model, name, values === null ? null : { ...values });
  });

/** The comparison as if A and B had changed places. */
function mirrored(comparison: ModelComparison): unknown {
  const text = JSON.stringify(comparison, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [otherSide(key), value as unknown]));
  });
  return JSON.parse(text);
}

function otherSide(key: string): string {
  if (key === 'a' || key === 'b') return key === 'a' ? 'b' : 'a';
  return key.replace(/[AB]$/, (side) => (side === 'A' ? 'B' : 'A'));
}

/** Plain data, with lists in one order. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain).toSorted((one, other) => compareJson(one, other));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, plain((value as Readonly<Record<string, unknown>>)[key])]),
  );
}

function compareJson(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

describe('the comparison of any two models', () => {
  it('finds a model equal to itself', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const comparison = await compareModels(model, model);
        expect(isEqual(comparison)).toBe(true);
        expect(comparison.tensors.every(({ absolute, differing }) => absolute + differing === 0)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is mirrored when the models change places', async () => {
    await fc.assert(
      fc.asyncProperty(models, models, async (a, b) => {
        const there = await compareModels(a, b);
        const back = await compareModels(b, a);
        expect(plain(JSON.parse(JSON.stringify(back)))).toEqual(plain(mirrored(there)));
        expect(isEqual(back)).toBe(isEqual(there));
      }),
      { numRuns: 100 },
    );
  });
});
