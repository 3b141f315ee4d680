import type { Messages } from '../en/english.ts';

export const doubts: Messages['doubts'] = {
  searchText: '在名称中查找',
  again: '查找',
  cancelled: '查找已取消。',
  none: {
    suspects: '这些图像的标签都不可疑。',
    duplicates: '没有图像与运行的图像重复。',
    forgotten: '没有图像被遗忘。',
  },
  noneMatches: '没有匹配的图像。',
  judges: '判断依据',
  judgedBy: {
    single: '仅此评估',
    folds: '交叉验证的 {count} 折',
    average: '{count} 个网络的平均',
  },
  missing: '尚未在其验证部分上评估：{names}。评估之后，每张图像都由未用它训练过的网络来判断。',
  folds: {
    evaluate: '评估 {count} 折 | 评估 {count} 折',
    evaluateHelp: '在每个运行自己留出的部分上评估该运行，设置与本次评估相同。',
    working: '第 {number} 折，共 {count} 折：{name}',
    failed: '{name}：{why}',
  },
  summary: {
    single: '{images} 个标签中有 {count} 个可疑。单个网络是最弱的依据：各折或多个网络的平均更可靠。',
    average: '{images} 个标签中有 {count} 个可疑，依据 {networks} 个网络的平均概率。',
    folds: '{images} 个标签中有 {count} 个可疑。每张图像都由没有用它训练的网络判断。',
  },
  trained: '有网络用其中 {count} 张图像训练过，可能学会了错误的标签。',
  elsewhere: '另有 {count} 张列在其他折的评估中。',
  suggestion: '可能是 {name}',
  suggested: '{suggested} {probability}，标签 {label} {own}',
  networks: '{count} 个网络的平均 | {count} 个网络的平均',
  relabel: '改标为 {name}',
  duplicates:
    '{images} 张图像中有 {count} 张与运行的 {others} 张图像之一重复：{leaks} 张属于不同部分，{differing} 张标签不同。',
  left: '{count} 张图像已不存在、已更改或无法解码。',
  onlyWrong: '仅判错的图像',
  copy: '副本',
  copyOf: {
    train: '训练图像',
    validation: '验证图像',
  },
  likeness: {
    exact: '相同文件',
    pixels: '在输入尺寸下像素相同',
    near: '64 位哈希中有 {distance} 位不同，相关系数 {correlation}',
  },
  differs: '标签不同：{label} 与 {other}。',
  leak: '网络用此图像的副本训练过。',
  forgotten:
    '{images} 张验证图像，{epochs} 轮：{unforgettable} 张从未被遗忘，{forgotten} 张被遗忘过，{neverLearned} 张从未判对。{lost} 张在最佳一轮后判对，而在最后一轮后判错。',
  onlyLost: '仅最佳一轮之后丢失的图像',
  events: '被遗忘 {count} 次 | 被遗忘 {count} 次',
  learnedAt: '首次判对于第 {epoch} 轮后',
  neverLearned: '从未判对',
  lost: '最佳一轮后判对，最后一轮后判错',
  history: '各轮判对或判错',
  historyText: '{epochs} 轮中有 {right} 轮后判对',
};
