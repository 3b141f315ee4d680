import type { preprocessing as english } from '../en/preprocessing.ts';
import type { Translation } from '../english.ts';

export const preprocessing: Translation<typeof english> = {
  greyInput:
    '归一化设置有 {given} 组均值和标准差，但网络输入是灰度图像，只有一个通道：请只给出一个均值和一个标准差，或改为按训练图像测量，或把输入模块改为 3 个通道。',
  oneForColour:
    '归一化设置只有一个均值和一个标准差，但网络输入有 {channels} 个通道：请为每个通道各给出一个，或改为按训练图像测量。',
  otherChannels:
    '归一化设置有 {given} 组均值和标准差，但网络输入有 {channels} 个通道：请为每个通道各给出一个，或改为按训练图像测量。',
  presetNeedsColour:
    '归一化“{preset}”适用于 3 个通道，但网络输入有 {channels} 个通道：请把输入模块改为 3 个通道，或选择 {others} 之一。',
  fractionWithoutCrop:
    '--crop-fraction 只用于 --resize crop，而现在的适配方式是“{resize}”：请加上 --resize crop，或去掉该选项。',
};
