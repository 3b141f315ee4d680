import { expect, it } from 'vitest';
import { nameParts } from './nameParts.ts';

it('parts the number at the end of a name, with its space, from the rest', () => {
  expect(nameParts('garden birds 12')).toEqual({ head: 'garden birds', tail: ' 12' });
  expect(nameParts('garden birds')).toEqual({ head: 'garden birds', tail: '' });
  expect(nameParts('12')).toEqual({ head: '12', tail: '' });
});
