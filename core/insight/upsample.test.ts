import { expect, it } from 'vitest';
import { upsample } from './upsample.ts';

it('interpolates as PyTorch with align_corners=False', () => {
  // torch.nn.functional.interpolate(torch.tensor([[[[0., 1.], [2., 4.]]]]), size=(4, 3), mode='bilinear')
  const map = upsample({ height: 2, width: 2, values: Float32Array.of(0, 1, 2, 4) }, 4, 3);
  const rows = [
    [0, 0.5, 1],
    [0.5, 1.125, 1.75],
    [1.5, 2.375, 3.25],
    [2, 3, 4],
  ];
  expect(Array.from(map.values)).toEqual(rows.flat());
});

it('keeps a map of the same size, and spreads a single value', () => {
  const map = { height: 1, width: 3, values: Float32Array.of(1, 5, 2) };
  expect(upsample(map, 1, 3)).toEqual(map);
  const one = upsample({ height: 1, width: 1, values: Float32Array.of(7) }, 2, 2);
  expect(Array.from(one.values)).toEqual([7, 7, 7, 7]);
});
