import { describe, expect, it } from 'vitest';
import type { Params } from '../document/schema.ts';
import { expectAllClose } from './expectAllClose.ts';
import { OneChannel, type Computer } from './oneChannel.ts';
import { SIX_DECIMALS } from './tolerances.ts';

const FIRST = [1, 2, 3, 4];
const SECOND = [5, 6, 7, 8];

/** Running mean and variance after the first batch and after both; batchnorm-spec.md, section 5. */
const STORED: readonly (readonly [string, Params, readonly number[], readonly number[]])[] = [
  ['PyTorch', { variance: 'unbiased' }, [0.25, 1.066667], [0.875, 1.126667]],
  ['Keras 3 and ONNX', { variance: 'biased' }, [0.25, 1.025], [0.875, 1.0475]],
  ['PyTorch with momentum None', { averaging: 'cumulative' }, [2.5, 1.666667], [4.5, 1.666667]],
  ['in groups of two', { ghostSize: 2 }, [0.25, 1.066667], [0.875, 1.126667]],
];

/**
 * The golden numbers of batchnorm-spec.md, section 5, which `build/interop/check_golden.py` confirms in the real
 * frameworks. The numbers are small, so f32 reproduces the six decimals.
 */
export function describeGolden(name: string, computer: Computer): void {
  describe.each([
    ['per channel', false],
    ['per feature', true],
  ])(`golden numbers, ${name}, %s`, (_, perFeature) => {
    const channelOf = (params: Params): OneChannel => new OneChannel(computer, params, perFeature);

    it('measures the batch', () => {
      const channel = channelOf({});
      expect(channel.train(FIRST)).toEqual({ batchMean: 2.5, batchVariance: 1.25 });
      expect(channel.train(SECOND)).toEqual({ batchMean: 6.5, batchVariance: 1.25 });
      expect(channel.train([...FIRST, ...SECOND])).toEqual({ batchMean: 4.5, batchVariance: 5.25 });
    });

    it.each(STORED)('stores as %s', (__, params, afterFirst, afterSecond) => {
      const channel = channelOf(params);
      channel.train(FIRST, 1);
      expectAllClose(channel.stored, afterFirst, SIX_DECIMALS, 'after the first batch');
      channel.train(SECOND, 2);
      expectAllClose(channel.stored, afterSecond, SIX_DECIMALS, 'after the second batch');
    });

    it.each([
      [1e-5, 2.619741],
      [1e-3, 2.618811],
    ])('evaluates by what is stored, eps %f', (epsilon, expected) => {
      const channel = channelOf({ epsilon });
      channel.train(FIRST);
      channel.train(SECOND);
      channel.set('batchNorm1.gamma', 2);
      channel.set('batchNorm1.beta', 0.5);
      expectAllClose([channel.evaluate(2)], [expected], SIX_DECIMALS, 'y(2)');
    });

    it('stores nothing of a batch that is not finite', () => {
      for (const bad of [NaN, Infinity, -Infinity]) {
        const channel = channelOf({});
        channel.train(FIRST);
        const before = [...channel.session.state];
        expect(() => channel.train([1, bad, 3, 4])).toThrow(/not finite/);
        expect([...channel.session.state]).toEqual(before);
        channel.train(SECOND);
        expectAllClose(channel.stored, [0.875, 1.126667], SIX_DECIMALS, 'after a good batch');
      }
    });
  });
}
