import type { edit as english } from '../en/edit.ts';
import type { Translation } from '../english.ts';

export const edit: Translation<typeof english> = {
  noBlock: '没有块 {id}。',
  noKind: '没有类型为 "{kind}" 的块。',
  blockExists: '已经有块 {id}。',
  noParam: '{title} 没有参数 "{param}"。',
  noOutput: '{block} 没有输出 {port}。',
  noInput: '{block} 没有输入 {port}。',
  feedsItself: '{block} 不能给自己输入。',
  circle: '{source} 已经依赖 {target}：这条连线会形成环路。',
  notBatchNorm: '{id} 不是批归一化块。',
  noWire: '{port} 处没有连线。',
  notInWire: '{title} 不能插在连线中：它需要一个输入和一个输出。',
  projectName: '项目需要一个名称。',
  emptyClipboard: '剪贴板中没有 NormLab 的块。',
  notACommand: '不是有效的命令（{place}：{problem}）。',
  setting: '{place}：{problem}。',
  notValid: '无效',
  unknownKey: '未知的字段：{keys}',
  unknownKeys: '未知的字段：{keys}',
  settings: '设置',
};
