import type { options as english } from '../en/options.ts';
import type { Translation } from '../english.ts';

export const options: Translation<typeof english> = {
  oneNetwork: '请指定一个网络：项目文件，或用 --template 指定内置网络（见 `normlab templates`）。',
  noData: '请用 --data DIR 指明训练图像的位置。',
  foldWithoutFolds: '--fold {fold} 指明用于验证的部分，但没有说明共几部分：请加上 --folds K。',
  noSuchFold: '{folds} 折中没有第 {fold} 折；请给 --fold 一个从 1 到 {folds} 的数。',
  begunWithOtherNorm:
    '该运行开始时为 {has}，现在是 --norm {wanted}；请不带该选项继续，或在另一个文件夹中开始新的运行。',
  noNorm: '无归一化',
  validatesOnFolder:
    '该运行在 {folder} 上验证，现在是 --val-split {share}；请不带该选项继续，或在另一个文件夹中开始新的运行。',
  optimizerHasNo: '优化器 {optimizer} 没有 --{option}；请去掉它，或用 --optimizer 选择另一个。',
  belongsToLoss: '{options} 属于 {loss} 损失函数；请加上 --loss {loss}。',
  belongToLoss: '{options} 属于 {loss} 损失函数；请加上 --loss {loss}。',
  needsAverages: '--ema-validate 需要平均权重；请加上 --ema 及其衰减。',
  checkpointNeedsFrom: '--checkpoint 说明从运行的哪一份权重开始；请用 --from RUN 指明该运行。',
  checkpointNeedsRun: '--checkpoint 用于选择一次运行的权重，而 {given} 不是运行的文件夹；请去掉该选项。',
  noScreen: '界面尚未构建：请先运行 `npm run setup`。',
  noRoot: '没有实验室可以打开的文件夹“{path}”；请检查 --root。',
  batchNoCsv: '--statistics batch 对每张图像有多个结果；请以文本输出，或使用 --json。',
  noneClassified: '{count} 个文件都无法分类：原因见上。',
};
