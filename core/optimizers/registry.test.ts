import { describe, expect, it } from 'vitest';
import { OPTIMIZERS as CONFORMANCE_CASES } from '../conformance/training.ts';
import { COEFFICIENTS, kindsWith, OPTIMIZER_KINDS, OPTIMIZERS, optimizerSchema, planOf } from './registry.ts';

const NO_TERMS = { l1: 0, l2: 0 } as const;

describe.each(OPTIMIZERS)('the optimizer $kind', ({ kind, label, schema, coefficients }) => {
  it('has defaults for all of its settings, and no coefficient that it does not list', () => {
    const defaults = schema.parse({ kind });
    expect(optimizerSchema.parse({ kind })).toEqual(defaults);
    expect(Object.keys(defaults)).toEqual(['kind', ...Object.keys(coefficients)]);
  });

  it('takes what lies within the limits of a coefficient, and nothing else', () => {
    for (const [name, coefficient] of Object.entries(coefficients)) {
      const allows = (value: unknown): boolean => schema.safeParse({ kind, [name]: value }).success;
      if (coefficient.type === 'flag') {
        expect([true, false, 1].map(allows), name).toEqual([true, true, false]);
        continue;
      }
      const { min, max, exclusiveMin = false } = coefficient;
      expect(allows(min), name).toBe(!exclusiveMin);
      expect(allows(min - 1), name).toBe(false);
      expect(allows(max ?? 1e9), name).toBe(true);
      if (max !== undefined) expect(allows(max + 1), name).toBe(false);
    }
  });

  it('has a name, and a line of help on the command line for each coefficient', () => {
    expect(label).not.toBe('');
    for (const name of Object.keys(coefficients)) {
      const help = COEFFICIENTS.get(name)?.option(kindsWith(name)) ?? '';
      expect(help, name).toContain(kind);
    }
  });

  it('moves every weight by a step that is finite, and changes the moments that it keeps', () => {
    const settings = schema.parse({ kind });
    const names = planOf({ ...settings, ...NO_TERMS }).moments;
    const found = OPTIMIZERS.filter((one) => one.kind === kind).map((one) => one.update(settings));
    for (const { moments, run } of found) {
      const next = run({ w: 0.5, g: 0.3, l1: 0, l2: 0, lr: 0.01, t: 1 });
      expect(next).toBeLessThan(0.5);
      expect(next).toBeGreaterThan(0.3);
      for (const name of names) expect(moments[name], name).not.toBe(0);
    }
  });

  it('is held against every backend', () => {
    expect(CONFORMANCE_CASES.map(([, settings]) => settings.kind)).toContain(kind);
  });
});

describe('planOf', () => {
  it.each([
    [{ kind: 'sgd', momentum: 0, nesterov: false }, []],
    [{ kind: 'sgd', momentum: 0.5, nesterov: true }, ['momentum']],
    [{ kind: 'rmsprop', alpha: 0.9, epsilon: 1e-8, momentum: 0, centered: false }, ['meanSquare']],
    [{ kind: 'rmsprop', alpha: 0.9, epsilon: 1e-8, momentum: 0, centered: true }, ['meanSquare', 'mean']],
    [
      { kind: 'rmsprop', alpha: 0.9, epsilon: 1e-8, momentum: 0.1, centered: false },
      ['meanSquare', 'momentum'],
    ],
    [
      { kind: 'rmsprop', alpha: 0.9, epsilon: 1e-8, momentum: 0.1, centered: true },
      ['meanSquare', 'mean', 'momentum'],
    ],
    [{ kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }, ['mean', 'meanSquare']],
    [{ kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }, ['mean', 'meanSquare']],
    [{ kind: 'lion', beta1: 0.9, beta2: 0.99 }, ['momentum']],
  ] as const)('keeps the moments that %o needs, in the order of the state', (settings, moments) => {
    expect(planOf({ ...settings, ...NO_TERMS }).moments).toEqual(moments);
  });

  it('takes terms that are given, and leaves out those that are not', () => {
    const sgd = { kind: 'sgd', momentum: 0, nesterov: false } as const;
    expect(planOf({ ...sgd, l1: 0.1, l2: 0.2, averageDecay: 0.9, accumulates: true })).toEqual({
      ...{ kind: 'sgd', moments: [], coefficients: { momentum: 0, nesterov: false } },
      ...{ l1: 0.1, l2: 0.2, averageDecay: 0.9, accumulates: true },
    });
  });
});

it('offers the optimizers, and their coefficients on the command line, in this order', () => {
  expect(OPTIMIZER_KINDS).toEqual(['sgd', 'rmsprop', 'adam', 'adamw', 'lion']);
  const names = ['momentum', 'nesterov', 'beta1', 'beta2', 'epsilon', 'alpha', 'centered'];
  expect([...COEFFICIENTS.keys()]).toEqual(names);
});

it('has one meaning for a coefficient, whichever optimizer has it', () => {
  for (const { coefficients } of OPTIMIZERS)
    for (const [name, coefficient] of Object.entries(coefficients))
      expect(COEFFICIENTS.get(name), name).toBe(coefficient);
});
