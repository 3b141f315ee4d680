import type { kerasFiles as english } from '../en/kerasFiles.ts';
import type { Translation } from '../english.ts';

export const kerasFiles: Translation<typeof english> = {
  layerUnknown: '层 {layer} 为 {kind}，NormLab 没有相应的块',
};
