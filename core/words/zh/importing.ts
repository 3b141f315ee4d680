import type { importing as english } from '../en/importing.ts';
import type { Translation } from '../english.ts';

export const importing: Translation<typeof english> = {
  broken: '{file} 已损坏：{what}。请使用另一份副本。',
  notSupported: '无法导入 {file}：{what}。',
};
