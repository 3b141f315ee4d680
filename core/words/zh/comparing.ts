import type { comparing as english } from '../en/comparing.ts';
import type { Translation } from '../english.ts';

export const comparing: Translation<typeof english> = {
  sameWeights: '所有张量相同。',
};
