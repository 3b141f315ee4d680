import type { project as english } from '../en/project.ts';
import type { Translation } from '../english.ts';

export const project: Translation<typeof english> = {
  tooLong: '文件有 {found} 百万个字符，但项目最多 {most} 百万个：请选择其他文件。',
  noVersion: '项目没有说明版本：version 必须是不小于 1 的整数，而不是 {found}。',
  futureVersion: '项目的版本是 {version}，但此 NormLab 最高只能读取版本 {known}：请用更新的 NormLab 打开。',
  notJson: '该文件不是项目：其内容不是 JSON；请选择 NormLab 保存的文件。',
  notJsonAt: '该文件不是项目：其内容在{place}处不是 JSON；请选择 NormLab 保存的文件。',
  empty: '项目文件是空的；可能有它的恢复副本。',
  truncated: '项目文件在第 {character} 个字符处（{place}）中断；其余内容已丢失，但可能有恢复副本。',
  lineAndColumn: '第 {line} 行第 {column} 列',
  otherFormat: '该文件是 JSON，但不是 NormLab 项目：其格式是 {found}，而需要 "{format}"。',
  noFormat: '该文件是 JSON，但不是 NormLab 项目：没有格式，而需要 "{format}"。',
  invalid: '项目在 {place} 处无效：{problem}。',
  invalidAndMore: '项目在 {place} 处无效：{problem}（另有 {more} 处）。',
  top: '最外层',
  unknownField: '未知的字段',
  notTheFormat: '不符合格式',
  excess: '项目有 {found} 个{things}，但最多只读取 {most} 个。',
  blocks: '块',
  wires: '连线',
  positions: '块位置',
  excluded: '被排除的图像',
  relabelled: '改过类别的图像',
  samplerWeights: '采样权重',
  params: '参数（单个块）',
};
