import type { fineTuning as english } from '../en/fineTuning.ts';
import type { Translation } from '../english.ts';

export const fineTuning: Translation<typeof english> = {
  trainsHead: '仅头部',
  trainsHeadHelp:
    '只训练最后一层，其余权重保持不变。最快，也最不易过拟合：适合图像很少，或图像与网络原来的训练图像相近的情形。',
  trainsLastStage: '最后一个阶段',
  trainsLastStageHelp: '与最后一个特征图同样大小的块也参加训练；更早的块保留其通用特征。适合几千张图像。',
  trainsAll: '全部',
  trainsAllHelp:
    '所有块都训练。适合图像很多，或图像与网络原来的训练图像差别很大的情形；给主干较小的学习率（十分之一），可以保护它已学到的内容。',
  trainsCustom: '自定义',

  bnFrozen: '冻结',
  bnFrozenHelp:
    '按随权重而来的统计量归一化，什么都不改变，因此无论批大小，训练时的计算与评估时相同。图像少、批小时的首选。如果您的图像与这些统计量所来自的图像颜色或对比度不同，归一化会偏离中心；重新校准可在不训练的情况下纠正。',
  bnAdapt: '适应统计量',
  bnAdaptHelp:
    '按每一批归一化，并使存储的统计量趋向您的图像；gamma 和 beta 不变。适合与原训练图像不同类的图像。每批需要 16 张或更多：更少时统计量噪声大，评估会与训练不同。冻结主干的输出随每一批而变，因此不能只算一次并保留。',
  bnAffine: 'Gamma 和 beta',
  bnAffineHelp:
    '按随权重而来的统计量归一化；gamma 和 beta 参加学习。要学的值很少，任何批大小都行，训练时的计算与评估时相同。适合需要稍作适应的冻结主干。',
  bnAll: '全部',
  bnAllHelp:
    '与从头训练相同：按每一批归一化，更新统计量，训练 gamma 和 beta。适合整个网络在许多图像上以 16 张或更多的批训练。批更小时统计量噪声大；在冻结的卷积之前，统计量会偏离这些卷积所学的分布。',
  bnRecalibrated: '重新校准',
  bnRecalibratedHelp:
    '先用训练图像的精确统计量替换运行统计量，不做任何梯度更新；之后与“冻结”相同。适用于颜色或对比度与原统计量不同的图像。',
  bnCustom: '自定义',

  headFirst:
    '前 {epochs} 轮（{steps} 次更新）只训练头部，主干的 BatchNorm 冻结；从第 {next} 轮起，全部按设置训练。',
  headThroughout: '本次运行的 {epochs} 轮全部只训练头部：“先训练头部”与训练一样长。',

  nothingTrains: '网络中没有任何部分参加训练：所有带权重的块都已冻结。',
  nothingTrainsHint: '至少让头部参加训练，或让某个 BatchNorm 训练 gamma 和 beta。',
  trainBlock: '训练{block}的权重',
  headFrozen: '开头几轮只训练头部，但{head}已冻结，因此这几轮什么都不训练。',
  headFrozenHint: '训练头部的权重，或将只训练头部的轮数设为 0。',

  movingBefore: '{norm}按每一批归一化，而{block}的权重已冻结：这些权重的输入逐批变化，评估与训练不同。',
  movingStored:
    '{norm}仍在更新存储的统计量，而{block}的权重已冻结：统计量会偏离这些权重训练时的值，没有损失能阻止它。',
  movingHint:
    '把统计量也冻结；如果您的图像属于另一类且每批有 16 张或更多，则把头部之前的 BatchNorm 设为“适应统计量”。',
  byStored: '按存储的统计量归一化',
  keepStatistics: '保持存储的统计量',
  otherEpsilon: '{block}的 epsilon 为 {value}，而此网络的多数 BatchNorm 块为 {usual}：是否来自另一个框架？',
  otherDecay: '{block}的衰减为 {value}，而此网络的多数 BatchNorm 块为 {usual}：是否来自另一个框架？',
  otherNormHint:
    '一个网络的所有块用同一个值：PyTorch 为 1e-5 和衰减 0.9，Keras 为 1e-3 和 0.99。训练好的权重只有配上它们自己的值才正确。',
  setEpsilon: '将 epsilon 设为 {value}',
  setDecay: '将衰减设为 {value}',
  idleRate: '{block}的学习率系数为 {value}，但它已冻结，因此系数不起作用。',
  idleRateHint: '让此块参加训练，或将系数设为 1。',
  resetRate: '将系数设为 1',
  smallBatch:
    '{block}按 {batch} 张图像的统计量归一化。图像这么少，噪声很大：训练与评估不同，存储的统计量也会波动。',
  smallBatches:
    '{norms} 个 BatchNorm 块按 {batch} 张图像的统计量归一化。图像这么少，噪声很大：训练与评估不同，存储的统计量也会波动。',
  smallBatchHint: '每批取 {least} 张图像或更多，用 GroupNorm 代替 BatchNorm，或使用批重归一化。',
  smallBatchTunedHint:
    '每批取 {least} 张图像或更多，或冻结 BatchNorm 块：随权重而来的统计量比少数几张图像的统计量更好。',

  freezesNothing: '这些块都没有可冻结的权重或统计量。',
  noHead: '网络没有头部：没有 Conv2D、ConvTranspose2D 或 Dense 块通向输出。',
  ratesNeedTrain: '此网络中有些块是逐个冻结的；设置学习率系数之前，请用 --train 指明训练哪些部分。',
  noNorms: '头部之前没有 BatchNorm 块，因此没有可设置的内容。',
};
