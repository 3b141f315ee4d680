import { expect, it } from 'vitest';
import { preparationWords } from './preparationWords.ts';

it('says how images become the input', () => {
  expect(preparationWords({ resize: 'stretch' })).toBe(
    'images are stretched to the input, ignoring the aspect; normalized by mean and deviation of the training images',
  );
  const caffe = { kind: 'fixed' as const, mean: [104, 117, 123], deviation: [1, 1, 1] };
  expect(
    preparationWords({ resize: 'crop', cropFraction: 0.875, normalization: caffe, channelOrder: 'bgr' }),
  ).toBe(
    'images are resized by the shorter side, then cropped to the centre (0.875 of the side); normalized by mean 104, 117, 123 and deviation 1, 1, 1 (caffe), in the order B, G, R',
  );
});
