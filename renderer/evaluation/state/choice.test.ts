import { expect, it } from 'vitest';
import { choiceOf, optionsOf } from './choice.ts';

it('chooses among its options and nothing else', () => {
  const chosen: string[] = [];
  const options = optionsOf(['last', 'best'], (value) => value.toUpperCase());
  expect(options).toEqual([
    { value: 'last', label: 'LAST' },
    { value: 'best', label: 'BEST' },
  ]);
  const choice = choiceOf({
    ...{ label: 'Epoch', testId: 'epoch', value: 'last', options },
    choose: (value) => chosen.push(value),
  });
  choice.choose('best');
  choice.choose('third');
  expect(chosen).toEqual(['best']);
});
