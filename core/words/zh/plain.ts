import type { plain as english } from '../en/plain.ts';
import type { Translation } from '../english.ts';

export const plain: Translation<typeof english> = {
  asIs: '{text}',
  sentences: '{first}{second}',
  separator: '、',
  and: '{first}和{last}',
  listOfMore: '{items} 等（另有 {more} 个）',
};
