import type { Messages } from '../en/english.ts';

export const ui: Messages['ui'] = {
  close: '关闭',
  cancel: '取消',
  details: '详情',
  copy: '复制',
  copied: '已复制',
  mixed: '不一致',
  choose: '选项',
  find: '查找',
  nothing: '没有匹配项。',
  number: {
    empty: '请输入一个数。',
    'not-a-number': '这不是一个数。',
    comma: '逗号是千位分隔符，如 1,000。小数请用小数点，如 0.5。',
    ambiguous: '这可以读成两个数。一千请写 1000，一请写 1。',
    'too-close-to-zero': '太接近零，无法计算。',
    notTaken: '未采用“{text}”。{reason}',
    'not-an-integer': '请输入整数。',
    'too-small': '太小：最小为 {min}。',
    'not-above': '太小：必须大于 {min}。',
    'not-finite': '太大，无法计算。',
    'too-large': '太大：最大为 {max}。',
  },
};
