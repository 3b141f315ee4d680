import { describe, expect, it } from 'vitest';
import { compareValues } from './compareValues.ts';

async function compare(a: readonly number[], b: readonly number[]) {
  return compareValues(Float32Array.from(a), Float32Array.from(b));
}

describe('the elements of two tensors', () => {
  it('are compared by the largest distance, relative to the largest magnitude of both', async () => {
    expect(await compare([1, 2, -8], [1, 1.5, -6])).toEqual({
      ...{ elements: 3, differing: 2, absolute: 2, relative: 0.25 },
      ...{ notFinite: 0, notFiniteA: 0, notFiniteB: 0 },
    });
  });

  it('are equal by their bits: a zero differs from its negative, a NaN does not from itself', async () => {
    expect(await compare([0, NaN, Infinity], [-0, NaN, Infinity])).toEqual({
      ...{ elements: 3, differing: 1, absolute: 0, relative: 0 },
      ...{ notFinite: 0, notFiniteA: 2, notFiniteB: 2 },
    });
  });

  it('are counted apart where one is not finite, and leave the distance to the others', async () => {
    expect(await compare([NaN, 1, Infinity, 3], [1, 1, -Infinity, 4])).toEqual({
      ...{ elements: 4, differing: 3, absolute: 1, relative: 0.25 },
      ...{ notFinite: 2, notFiniteA: 2, notFiniteB: 1 },
    });
  });

  it('have a distance also where it exceeds float32', async () => {
    expect(await compare([3e38], [-3e38])).toMatchObject({ notFinite: 0, relative: 2 });
  });

  it('reads only its own part of a shared buffer', async () => {
    const shared = Float32Array.from([5, 1, 2]);
    expect((await compareValues(shared.subarray(1), Float32Array.from([1, 2]))).differing).toBe(0);
  });
});
