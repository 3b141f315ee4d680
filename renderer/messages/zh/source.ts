import type { Messages } from '../en/english.ts';

export const source: Messages['source'] = {
  title: '源代码',
  show: '网络的源代码',
  hide: '隐藏源代码',
  format: '源代码使用的框架',
  code: '源代码，共 {count} 行。方向键在块之间移动。',
  line: '第 {line} 行：{text}',
  copy: '复制',
  copied: '已复制',
  copyHelp: '复制整个文件。',
  copyDenied: '此处无法写入剪贴板。源代码已选中，请按 {keys}。',
  save: '另存为 model.py',
  notes: '{format} 以其他方式表达的内容',
  stale: {
    title: '网络有错误',
    shown: '下面是最近一次有效状态的源代码。',
    none: '修正后，源代码会显示在这里。',
    all: '全部问题',
  },
  refused: '{format} 无法表达此网络',
};
