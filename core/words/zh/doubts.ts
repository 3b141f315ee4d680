import type { doubts as english } from '../en/doubts.ts';
import type { Translation } from '../english.ts';

export const doubts: Translation<typeof english> = {
  decisionsDamaged: '{file} 已损坏。没有其他内容依赖它；新的运行会写入新文件。',
  noDecisions:
    '运行 {run} 没有记录每轮之后哪些验证图像被判对：它没有验证图像，或由早期版本训练，或在别处训练。重新训练即可查看遗忘情况。',
  otherImages: '这些图像都不是运行 {run} 的验证图像。只记录验证图像的遗忘情况。',
  otherClasses: '运行 {run} 的类别不同。只有类别相同的网络才能一起判断标签。',
  notKept: '评估结果无法保存，而标签、重复图像和遗忘情况需要从中读取：{why}',
  stopped: '搜索已取消。',
  underWay: '该查找已在进行中。',
  noKeep: '没有要求保存',
  checkingLabels: '检查标签',
  readingEpochs: '读取各轮记录',
  printing: '计算图像哈希',
  comparing: '比较图像',
  suspectsTitle: '可能标错的图像',
  duplicatesTitle: '与运行图像重复',
  forgottenTitle: '被遗忘的图像',
  single:
    '{images} 个标签中有 {count} 个可疑，依据一个网络。这是最弱的依据：多个网络的平均，或交叉验证的各折，都更可靠。',
  average: '{images} 个标签中有 {count} 个可疑，依据 {networks} 个网络的平均概率。',
  folds: '{images} 个标签中有 {count} 个可疑，依据 {networks} 折：每张图像都由没有用它训练的网络判断。',
  trained: '有网络用其中 {count} 张图像训练过：它可能学会了错误的标签，因而无法发现。',
  duplicatesText:
    '{images} 张图像中有 {count} 张与运行的 {others} 张图像之一重复。其中 {leaks} 张与其副本分属不同部分；{differing} 张的标签不同。',
  forgottenText:
    '{images} 张验证图像，{epochs} 轮：{unforgettable} 张从未被遗忘，{forgotten} 张被遗忘过，{neverLearned} 张从未判对。{lost} 张在最佳一轮后判对，而在最后一轮后判错。',
  firstRows: '共 {count} 项，显示前 {shown} 项。',
  file: '图像',
  label: '标签',
  suggested: '建议类别',
  probability: '概率',
  labelProbability: '标签的概率',
  networks: '网络数',
  given: '判定类别',
  likeness: '相似方式',
  copy: '副本',
  copyLabel: '副本标签',
  correlation: '相关系数',
  exact: '相同文件',
  pixels: '相同像素',
  near: '相似',
  events: '遗忘次数',
  learnedAt: '首次判对',
  epochsRight: '各轮是否判对',
};
