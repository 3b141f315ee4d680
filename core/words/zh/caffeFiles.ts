import type { caffeFiles as english } from '../en/caffeFiles.ts';
import type { Translation } from '../english.ts';

export const caffeFiles: Translation<typeof english> = {
  layerUnknown: '层 {layer} 为 {kind}，NormLab 没有相应的块',
};
