import type { evaluating as english } from '../en/evaluating.ts';
import type { Translation } from '../english.ts';

export const evaluating: Translation<typeof english> = {
  damaged: '{file} 已损坏或缺失；请重新评估该运行。',
  none: '运行 {run} 的此评估已不存在；请重新评估该运行。',
  underWay: '此评估已在进行中。',
  writingUnderWay: '正在写入，请稍候。',
  followed: '此运行在其他机器上训练；请先导入其权重，再评估导入的运行。',
  deleteEvaluated: '正在评估此运行：请等待评估结束或先取消评估，然后再删除该运行。',
  imagesElsewhere:
    '此运行在其他机器上训练，其图像在此处未知：请用一个图像文件夹来评估它（命令行使用 --data DIR）。',
  tooMany: '已有 {most} 个评估正在进行：请等待其中一个结束，或将其取消。',
  died: '评估意外结束，没有保存任何结果；请重试。',
  notKept: '评估结果未与运行一起保存：{why}',
  nothingToFold: '该网络没有可以折叠进某一层的 BatchNorm。',
};
