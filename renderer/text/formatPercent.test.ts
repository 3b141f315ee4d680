import { expect, it } from 'vitest';
import { formatPercent } from './formatPercent.ts';

it('says 100 % only for a whole', () => {
  expect([1, 0.9999, 16 / 18, 0.5, 0].map(formatPercent)).toEqual([
    '100 %',
    '99.9 %',
    '88.9 %',
    '50.0 %',
    '0.0 %',
  ]);
});
