import type { onnxFiles as english } from '../en/onnxFiles.ts';
import type { Translation } from '../english.ts';

export const onnxFiles: Translation<typeof english> = {
  operatorUnknown: '节点 {node} 为 {kind}，NormLab 没有相应的块',
};
