import type { weightFiles as english } from '../en/weightFiles.ts';
import type { Translation } from '../english.ts';

export const weightFiles: Translation<typeof english> = {
  tooShort: '它在 {bytes} 字节后中断',
};
