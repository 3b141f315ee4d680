import type { starting as english } from '../en/starting.ts';
import type { Translation } from '../english.ts';

export const starting: Translation<typeof english> = {
  untrainable: '网络无法训练；请检查其块。',
  noFullBatch:
    '{images} 张训练图像不足以构成一个 {batch} 张的批次，而不完整的批次会被丢弃：请减小批大小，或保留不完整的批次。',
  unknownSamplerClass: '采样器为类别“{name}”设有权重，而训练图像没有该类别；它们的类别为 {classes}。',
  noSamplerClass: '采样器排除了所有类别；请至少给一个类别大于 0 的权重。',
  orderLeaks:
    '图像的次序泄露其类别：类别方差的 {share} 位于批次之间（打乱时为 {shuffled}），一个批次含 {entropy} 比特的类别熵，而整个数据集为 {entropyOfAll}。BatchNorm 的移动统计量因此遗漏批次之间的方差。',
  orderLeaksUnshuffled:
    '图像的次序泄露其类别：类别方差的 {share} 位于批次之间（打乱时为 {shuffled}），一个批次含 {entropy} 比特的类别熵，而整个数据集为 {entropyOfAll}。BatchNorm 的移动统计量因此遗漏批次之间的方差；请启用打乱。',
  bothLines: '{first}\n{second}',
};
