import type { shell as english } from '../en/shell.ts';
import type { Translation } from '../english.ts';

export const shell: Translation<typeof english> = {
  projectFiles: 'NormLab 项目',
  modelFiles: '模型',
  imageFiles: '图像',
  allFiles: '所有文件',
  hostSilent: '实验室主机没有响应。',
  hostSilentDetail:
    '现在关闭会直接结束它。正在训练的运行会在下次打开实验室时从最后的检查点继续；此窗口中未保存的内容会保留。',
  closeAnyway: '仍然关闭',
  wait: '等待',
  stillTraining: '{runs} 仍在训练。',
  stillTrainingDetail: '暂停会保存检查点：下次打开实验室时，运行从同一步继续，结果逐位相同。',
  pauseAndQuit: '暂停并退出',
  keepTraining: '继续训练',
};
