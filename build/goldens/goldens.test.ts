import { describe, expect, it } from 'vitest';
import type { Backend, ComputePrecision } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createNativeBackend } from '#workers/native/nativeBackend.ts';
import { requireAddon } from '#workers/native/testing/programs.ts';
import { goldenErrors } from './goldenErrors.ts';
import { readGoldens, type Golden } from './goldenFile.ts';
import { replay } from './replay.ts';
import { boundOf, GOLDEN_TOLERANCES, REFERENCE_STEPS } from './tolerances.ts';
import { GOLDEN_FILES } from './writeCases.ts';

const FILES = { operations: readGoldens('operations'), training: readGoldens('training') } as const;
const ALL = Object.values(FILES).flatMap(({ goldens }) => goldens);

function golden(name: string): Golden {
  const found = ALL.find((one) => one.case.name === name);
  if (found === undefined) throw new Error(`no golden ${name}`);
  return found;
}

/** Maximum number of steps of a training; undefined: all. */
function stepsOf(precision: ComputePrecision, one: Golden): number | undefined {
  return precision === 'f64' ? REFERENCE_STEPS[one.case.name] : undefined;
}

/** One line for each tensor that differs too much from PyTorch's. */
function complaints(backend: Backend, precision: ComputePrecision, one: Golden): string[] {
  const tolerances = GOLDEN_TOLERANCES[precision];
  const steps = stepsOf(precision, one);
  return goldenErrors(one, replay({ backend, precision }, one.case, steps)).flatMap((error) => {
    const bound = boundOf(tolerances, one.case.family, error);
    const size = error[tolerances.measure];
    return size <= bound ? [] : [`${error.quantity}: off by ${size.toExponential(1)}, allowed ${bound}`];
  });
}

function describeAgainstPyTorch(backend: Backend, precision: ComputePrecision): void {
  describe(`${backend.kind} ${precision} against PyTorch ${FILES.operations.torch}`, () => {
    const replayed = ALL.filter((one) => stepsOf(precision, one) !== 0);
    it.each(replayed.map((one) => [`${one.case.family}: ${one.case.name}`, one] as const))('%s', (_, one) => {
      expect(complaints(backend, precision, one)).toEqual([]);
    });
  });
}

describe('golden files', () => {
  it.each(['operations', 'training'] as const)('%s hold the cases as they are written down', (file) => {
    const made = FILES[file].goldens.map((one) => one.case);
    expect(made.map(({ name }) => name)).toEqual(GOLDEN_FILES[file].map(({ name }) => name));
    expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
  });

  it.each([...FILES.operations.goldens])('$case.name: every tensor is there, and none is empty', (one) => {
    const names = [...one.expected.keys()];
    expect(names).toEqual(expect.arrayContaining(['forward', 'loss', 'gradient of images', 'evaluated']));
    for (const [name, values] of one.expected) {
      expect(values.length, name).toBeGreaterThan(0);
      expect(values.every(Number.isFinite), name).toBe(true);
    }
  });
});

describe('the comparison sees', () => {
  const seen = (name: string, change: (found: Map<string, ArrayLike<number>>) => void): string[] => {
    const one = golden(name);
    const found = new Map(replay({ backend: referenceBackend, precision: 'f64' }, one.case));
    change(found);
    return goldenErrors(one, found).flatMap(({ quantity, largest }) => (largest > 1e-5 ? [quantity] : []));
  };
  const NAME = 'batchNorm per channel, batch statistics';

  it('nothing wrong with a faithful replay', () => {
    expect(seen(NAME, () => undefined)).toEqual([]);
  });

  it.each(['forward', 'gradient of batchNorm1.gamma', 'stored batchNorm1.variance', 'loss'])(
    'one element of %s that is off by 2e-5 of the largest',
    (quantity) => {
      const change = (found: Map<string, ArrayLike<number>>): void => {
        const values = Array.from(found.get(quantity) ?? []);
        values[0] = (values[0] ?? 0) + 2e-5 * Math.max(...values.map(Math.abs));
        found.set(quantity, values);
      };
      expect(seen(NAME, change)).toEqual([quantity]);
    },
  );

  it('a NaN, and a tensor of another length', () => {
    const change = (found: Map<string, ArrayLike<number>>): void => {
      found.set('forward', [NaN, ...Array.from(found.get('forward') ?? []).slice(1)]);
      found.set('evaluated', Array.from(found.get('evaluated') ?? []).slice(1));
    };
    expect(seen(NAME, change)).toEqual(['forward', 'evaluated']);
  });

  it('another momentum than PyTorch was given', () => {
    const one = golden('momentum');
    const optimizer = { kind: 'sgd', momentum: 0.901, nesterov: false, l1: 0, l2: 0 } as const;
    const found = replay(
      { backend: referenceBackend, precision: 'f64' },
      { ...one.case, options: { ...one.case.options, optimizer } },
    );
    expect(Math.max(...goldenErrors(one, found).map(({ largest }) => largest))).toBeGreaterThan(1e-4);
  });
});

describeAgainstPyTorch(referenceBackend, 'f64');

const native = createNativeBackend(requireAddon());
for (const precision of native.precisions) describeAgainstPyTorch(native, precision);
