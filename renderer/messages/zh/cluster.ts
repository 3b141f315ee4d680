import type { Messages } from '../en/english.ts';

export const cluster: Messages['cluster'] = {
  open: '在集群上训练…',
  openHelp: '写入一个 PyTorch 项目，用多个进程训练此网络，损失与此处相同。',
  title: '在集群上训练',
  intro:
    '写入一个 PyTorch 项目，其中包含网络、初始权重和划分。在图像的副本上用 torchrun、SLURM 或 Kubernetes 启动；不会向任何地方发送数据。',
  facts: '全局批 {batch} 张图像，{epochs} 轮，{precision}',
  folder: '文件夹',
  pickFolder: '存放项目的文件夹',
  name: '项目文件夹的名称',
  nameProblem: '名称不能包含斜杠，也不能以点开头。',
  nodes: '机器数',
  gpus: '每台机器的 GPU 数',
  unsupported: '集群上不支持：{what}',
  exists: '已有同名的项目文件夹。',
  replace: '替换',
  write: '写入项目',
  done: '{files} 个文件，{size}，已写入',
  startIt: '将该文件夹和图像复制到集群，并在那里启动：',
  readme: '文件夹中的 README.md 列出了用于多台机器、SLURM 和 Kubernetes 的命令。',
};
