import type { features as english } from '../en/features.ts';
import type { Translation } from '../english.ts';

export const features: Translation<typeof english> = {
  computing: '正在计算训练图像的特征',
  computingVersion: '正在计算训练图像的特征（第 {version} 个版本，共 {versions} 个）',
  computingValidation: '正在计算验证图像的特征',
  stopped: '特征计算已停止。',
  once: '前 {blocks} 个模块已冻结：它们的输出（每张图像 {shape} 个值）对每张图像只计算一次，每个轮次都在此基础上训练其余部分。',
  onceForHead:
    '在只训练分类头的阶段，前 {blocks} 个模块的输出（每张图像 {shape} 个值）对每张图像只计算一次，这些轮次在此基础上训练分类头。',
  versionsForHead:
    '在只训练分类头的阶段，对每张训练图像的 {versions} 个增强版本，前 {blocks} 个模块的输出（每张图像 {shape} 个值）只计算一次，这些轮次依次在这些版本上训练分类头。',
  versions:
    '前 {blocks} 个模块已冻结：对每张训练图像的 {versions} 个增强版本，它们的输出（每张图像 {shape} 个值）只计算一次，各轮次依次在这些版本上训练其余部分。',
  augmented:
    '前 {blocks} 个模块已冻结，但训练图像每次都重新增强，因此每个轮次仍要重新计算它们；关闭数据增强，或设置要保留的版本数（featureVersions），即可只计算一次。',
  off: '前 {blocks} 个模块已冻结；由于设置关闭了输出的保留（features），每一步都会计算它们。',
  fewEpochs:
    '前 {blocks} 个模块已冻结，但每一步都会计算它们：对 {epochs} 个轮次保留每张图像的 {versions} 个版本不会节省时间。减少版本数（featureVersions）或增加轮次，即可只计算一次。',
  noGain: '前 {blocks} 个模块已冻结，但每一步都会计算它们：读取它们的输出会花更长时间。',
  mixed:
    '前 {blocks} 个模块已冻结，但 mixup 和 CutMix 每次都重新混合训练图像，因此每个轮次仍要重新计算它们；关闭这两项即可只计算一次。',
  notKept: '前 {blocks} 个模块已冻结，但它们的输出无法保留，因此每个轮次仍要重新计算：{why}',
  differs:
    '冻结模块的输出与图像如何组成批次有关：在 {images} 张图像上最多相差 {largest}，即最大值的 {relative}。与每一步都重新计算的运行相比，结果也有同样大小的差异。',
};
