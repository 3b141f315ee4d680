import type { cluster as english } from '../en/cluster.ts';
import type { Translation } from '../english.ts';

export const cluster: Translation<typeof english> = {
  refused: '集群项目无法训练：{what}',
  ghostGroups:
    'BatchNorm 块 {block} 按 {size} 个样本的幽灵组归一化，各进程会切断这些组。请将其幽灵组设为 0。',
  renorm: 'BatchNorm 块 {block} 使用批重归一化。请将其关闭。',
  featureVersions: '保留了每张图像 {versions} 个版本的特征。请删除版本数，或关闭数据增强。',
  nothingTrains: '网络中没有可训练的权重。请至少让一个块参与训练。',
  writing: '正在写入项目',
  died: '写入项目意外中止，未写入任何文件夹；请重试。',
  cancelled: '已取消写入项目；未写入任何文件夹。',
  underWay: '正在写入该项目。',
  noProject: '{path} 不是 NormLab 写入的项目文件夹，不会被替换：请换一个名称。',
};
