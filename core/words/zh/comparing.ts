import type { comparing as english } from '../en/comparing.ts';
import type { Translation } from '../english.ts';

export const comparing: Translation<typeof english> = {
  byOrder: '块按类型、形状和顺序配对，因为两个网络中相同的块名不到一半。',
  someByOrder: '名称不同、按类型、形状和顺序配对的块：{count} 个。表格中给出两个名称，A 的在前。',
  byNames: '张量按名称配对，因为至少有一个文件的网络未知。',
  equal: '两个模型共有的 {total} 个张量在 float32 下逐位相同。',
  sameNetwork: '网络相同。',
  largest: '最大差异为 {absolute}（最大值的 {percent} %），位于 {where}；{total} 个张量中有 {count} 个不同。',
  notFinite:
    '{where} 中有 {values} 个值在一个模型中为 NaN 或无穷，在另一个模型中不同；{total} 个张量中有 {count} 个不同。',
  twoNames: '{a}（在另一个模型中为 {b}）',
  noPair: '没有张量以相同的形状存在于两个模型中。',
  unpaired: '只存在于一个模型中或形状不同的张量：{count} 个。',
  notCompared: '没有块使用、因而未比较的张量：{count} 个。',
  noValues: '只比较网络，因为两者都没有权重。',
  noValuesInA: '只比较网络，因为 A 没有权重。',
  noValuesInB: '只比较网络，因为 B 没有权重。',
  projectGone: '项目 {name} 已关闭。请为 {side} 选择其他模型。',
  readingA: '正在读取 A',
  readingB: '正在读取 B',
  tensors: '正在比较张量',
  drawing: '正在排列两个网络',
  networkDiffers: '网络或其设置不同。',
};
