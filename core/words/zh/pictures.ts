import type { pictures as english } from '../en/pictures.ts';
import type { Translation } from '../english.ts';

export const pictures: Translation<typeof english> = {
  sessionGone: '该网络已不在此处打开；请重新打开运行。',
  pictureGone: '该图片已不再保留；请重新显示。',
  tooManySessions: '已有 {most} 个网络打开并在工作；请等待其中一个完成、取消其工作或将其关闭。',
  threadDied: '处理图片的线程意外结束；请重新显示该图片。',
  underWay: '该工作已在进行中。',
  stopped: '分类已取消。',
  noneOfKind: '该运行没有“{name}”类的训练图像，因此无法组成同类批次。',
  noCompanions: '除这张图片外，该运行没有其他训练图像，因此无法抽取批次。',
  noImages: '该运行的训练图像不在这台计算机上，因此只能使用已存储的统计量和移动平均统计量。',
  evaluatedChanged: '{file} 已不是评估时的图像，或无法读取；请重新评估该运行。',
  evaluatedMissing: '该评估没有编号为 {image} 的图像；共有 {count} 张。',
  folderDied: '分类意外结束；已写入的内容仍在 {file} 中。',
};
