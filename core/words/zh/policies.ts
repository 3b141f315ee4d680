import type { policies as english } from '../en/policies.ts';
import type { Translation } from '../english.ts';

export const policies: Translation<typeof english> = {
  asItCame: '原样',
  quoted: '“{policy}”',
  nothingYet: '还没有运行完成。',
  noValidation: '没有验证图像，因此无法比较准确率。',
  onlyOne: '到目前为止只测量了{policy}。',
  noDifference:
    '在 {images} 张验证图像上，差异未超出偶然范围：各 95 % 区间都与最佳策略的区间重叠。请采用最简单的策略，或用更多图像比较。',
  better: '在 {images} 张验证图像上，{best}优于{worse}，差异超出偶然范围。',
  equalToBest: '与{equal}之间没有这样的差异。',
  nothingTrains: '头部得以保留，因此不训练任何内容：只测量运行统计量，并评估网络。',
  measuresFirst: '在第一步之前，用训练图像的精确统计量替换 {blocks} 个 BatchNorm 块的运行统计量。',
  measuresNothing: '本应在第一步之前测量运行统计量，但头部之前没有 BatchNorm 块。',
  otherFolder:
    '{folder} 中的比较使用的是其他图像（{begun}，现在是 {given}）；请给出其开始时的图像，或用 --out 给出另一个文件夹。',
  otherStart:
    '{folder} 中的比较从 {begun} 开始，而不是从 {given} 开始；请给出其开始时的权重，或用 --out 给出另一个文件夹。',
  damaged: '{file} 已损坏，或不是由 NormLab 写入的；请从副本恢复，或用 --out 给出另一个文件夹。',
  otherFilesThere: '{folder} 中已有其他文件（{file}）；请为比较给出新的或空的文件夹。',
  imagesChanged:
    '比较开始之后，{folder} 中的图像发生了变化，因此各次运行无法比较；请在另一个文件夹中重新开始。',
  noNorms: '头部之前没有 BatchNorm 块，因此没有可比较的策略。',
  needsStart:
    '项目没有起始权重，而策略决定如何处理已训练权重的统计量；请先选择起始权重（命令行中用 --from）。',
  running: '正在比较 BatchNorm 策略：请先停止比较，或等待其结束。',
  notRunning: '现在没有在比较 BatchNorm 策略。',
  policyTwice: '策略 {policy} 出现了两次。',
  unknownPolicy: '{given} 不是 BatchNorm 策略；可用的策略有 {known}。',
};
