import type { fineTuning as english } from '../en/fineTuning.ts';
import type { Translation } from '../english.ts';

export const fineTuning: Translation<typeof english> = {
  frozenBlock: '已冻结',
};
