import { expect, it } from 'vitest';
import { realNumber } from './parsers.ts';

it('takes finite numbers within the limits only', () => {
  const rate = realNumber(0, Infinity, true);
  expect(rate('1e-3')).toBe(0.001);
  for (const text of ['0', '-1', '', ' ', 'x', 'NaN', 'Infinity', '1e400'])
    expect(() => rate(text), text).toThrow('above 0');
  const share = realNumber(0, 0.9);
  expect(share('0')).toBe(0);
  expect(share('0.9')).toBe(0.9);
  for (const text of ['-0.1', '0.91']) expect(() => share(text), text).toThrow('from 0 to 0.9');
});
