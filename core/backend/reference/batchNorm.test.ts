import { describe, expect, it } from 'vitest';
import type { Params } from '../../document/schema.ts';
import { describeGolden } from '../../conformance/golden.ts';
import { OneChannel } from '../../conformance/oneChannel.ts';
import { referenceBackend } from './referenceBackend.ts';

const REFERENCE = { backend: referenceBackend, precision: 'f64' } as const;
const FIRST = [1, 2, 3, 4];
const SECOND = [5, 6, 7, 8];

function oneChannel(params: Params, perFeature: boolean): OneChannel {
  return new OneChannel(REFERENCE, params, perFeature);
}

describeGolden('reference', REFERENCE);

describe.each([
  ['per channel', false],
  ['per feature', true],
])('%s', (_, perFeature) => {
  it.each([2, 3, 4, 5, 6, 7, 8])('corrects the stored variance by m/(m-1) for m = %i', (m) => {
    const batch = Array.from({ length: m }, (__, i) => i * i);
    const unbiased = oneChannel({ decay: 0, variance: 'unbiased' }, perFeature);
    const biased = oneChannel({ decay: 0, variance: 'biased' }, perFeature);
    const { batchVariance } = unbiased.train(batch);
    biased.train(batch);
    expect(unbiased.stored[1]).toBeCloseTo((batchVariance * m) / (m - 1), 12);
    expect(biased.stored[1]).toBe(batchVariance);
  });

  it('never moves with decay 1, follows the last batch alone with decay 0', () => {
    const still = oneChannel({ decay: 1 }, perFeature);
    still.train(FIRST);
    expect(still.stored).toEqual([0, 1]);
    const last = oneChannel({ decay: 0, variance: 'biased' }, perFeature);
    last.train(FIRST);
    last.train(SECOND);
    expect(last.stored).toEqual([6.5, 1.25]);
  });
});

describe('one value per channel', () => {
  it('is refused where the variance has no unbiased estimate', () => {
    const channel = oneChannel({}, true);
    expect(() => channel.train([3])).toThrow(/one value per channel/);
  });
  it('stores variance 0 by the biased one', () => {
    const channel = oneChannel({ variance: 'biased', decay: 0 }, true);
    channel.train([3]);
    expect(channel.stored).toEqual([3, 0]);
  });
});

it('weighs the initial value under 1 % after 44 steps of decay 0.9', () => {
  const channel = oneChannel({ variance: 'biased' }, false);
  const weights = Array.from({ length: 44 }, () => {
    channel.train([0, 0]);
    return channel.stored[1] ?? NaN;
  });
  expect(weights.findIndex((weight) => weight < 0.01) + 1).toBe(44);
});
