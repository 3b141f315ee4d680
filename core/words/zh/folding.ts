import type { folding as english } from '../en/folding.ts';
import type { Translation } from '../english.ts';

export const folding: Translation<typeof english> = {
  into: '{block} 折叠进 {into}。',
  intoNext: '{block} 折叠进它后面的层 {into}。',
  stays: '{block} 保留：{before}；{after}。',
  noneBefore: '它紧接输入，前面没有层',
  follows: '它在 {before}（{kind}）之后，而不是在 Conv2D、ConvTranspose2D 或 Dense 之后',
  shared: '它前面的 {before} 供给 {uses} 个块，其他块需要其输出保持不变',
  noneAfter: '没有块读取它',
  feedsSeveral: '它供给 {uses} 个块，而后面的层必须是唯一的读取者',
  feeds: '它供给 {after}（{kind}），而不是 Conv2D 或 Dense',
  pads: '它后面的 {after} 用零填充输入，而这些零将不得不变成其他值',
  transposed: '它后面的 {after} 是 {kind}，其靠近边缘的输出由较少的值求和',
  comparing: '正在比较折叠后的网络',
  comparingBlock: '正在比较折叠 {block} 后的网络',
  notFinite: '折叠后的网络的输出并非全部有限，因此无法比较。请不折叠地导出。',
  cancelled: '比较已取消。',
  died: '比较意外结束；请重试。',
};
