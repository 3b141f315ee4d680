import type { Messages } from '../en/english.ts';

export const exportMessages: Messages['export'] = {
  empty: {
    title: '还没有可导出的内容',
    text: '请先训练网络：从第一个检查点起即可导出。',
    action: '前往训练',
  },
  run: '运行',
  weights: {
    title: '权重',
    last: '最后的检查点',
    best: '最佳轮次',
    bestOf: '最佳轮次：第 {epoch} 轮（{accuracy}）',
  },
  format: '格式',
  formats: {
    onnx: { title: 'ONNX', text: '整个网络，可直接用于 ONNX Runtime 等。' },
    safetensors: { title: 'safetensors', text: '按名称保存的权重和统计量，供您自己的代码使用。' },
  },
  norm: 'BatchNorm',
  fold: '折叠进前一层',
  foldHelp: '结果相同、运算更少：统计量、gamma 和 beta 并入前一层的权重与偏置。',
  noFoldHelp: 'BatchNorm 块保留，附带冻结的统计量、epsilon 和衰减。',
  folder: '文件夹',
  chooseFolder: '选择…',
  noFolder: '未选择文件夹',
  pickFolder: '导出文件的文件夹',
  name: '文件名',
  nameProblem: '请输入不含斜杠、且不以点开头的文件名。',
  start: '导出',
  replace: {
    title: '替换“{name}”？',
    text: '同名文件已存在。新文件通过验证之前，它保持不变。',
    yes: '替换',
  },
  nothingYet: '文件会由独立的读取程序读回并与运行比较，通过后才算导出成功。',
  result: {
    title: '已导出并验证',
    size: '大小',
    maxAbsDiff: '最大差异',
    maxAbsDiffHelp: '运行与读回文件之间输出的最大绝对差异。',
    top1: '类别一致',
    notes: '文件内容',
    copyPath: '复制路径',
  },
};
