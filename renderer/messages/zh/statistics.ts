import type { Messages } from '../en/english.ts';

export const statistics: Messages['statistics'] = {
  empty: {
    title: '还没有带统计量的运行',
    text: 'BatchNorm 在训练时为每个通道保存均值和方差。请先训练网络：从第一个检查点起即可在此查看。',
    action: '前往训练',
  },
  run: '运行',
  live: '该运行正在训练，统计量每一步都在变化。结束或停止后即可测量。',
  loading: '正在读取检查点',
  noBlocks: '该运行的网络没有 BatchNorm 块。',
  state: {
    moving: {
      ofWeights: '该运行保存的是最近批次的移动平均。',
      ofAverages: '该运行的平均权重所带的，是其他权重统计量的移动平均。',
    },
    estimated: {
      ofWeights:
        '该运行保存的统计量由 {total} 个批次中的 {batches} 个估计得出。移动平均保留在旁，继续训练时从它们开始。',
      ofAverages:
        '该运行的平均权重所带的统计量由 {total} 个批次中的 {batches} 个估计得出。移动平均保留在旁，继续训练时从它们开始。',
    },
    exact: {
      ofWeights: '该运行保存的是精确统计量。移动平均保留在旁，继续训练时从它们开始。',
      ofAverages: '该运行的平均权重带有精确统计量。移动平均保留在旁，继续训练时从它们开始。',
    },
  },
  what: '在训练图像上测量每个块的均值和方差，并取代移动平均；权重保持不变。',
  allFrozen: '所有块都已冻结：它们保存的统计量是网络所学的一部分。',
  amount: '测量范围',
  allImages: '全部训练图像',
  someBatches: '{count} 个批次',
  measure: '精确测量',
  estimate: '估计',
  again: '重新测量',
  undo: '撤销',
  undoHelp: '逐位恢复移动平均。',
  starting: '正在启动',
  cancel: '取消',
  pass: '{images} 张图像，{batches} 个批次',
  passOf: '由 {total} 个批次中的 {batches} 个估计得出：{images} 张图像',
  accuracy: {
    validation: '验证准确率 {before} → {after}',
    train: '训练准确率 {before} → {after}',
    folder: '所测图像上的准确率 {before} → {after}',
  },
  table: {
    block: '块',
    channels: '通道',
    mean: '均值移动',
    meanHelp: '各通道的均方根，以原先保存的标准差为单位。',
    worst: '最大',
    worstMeanHelp: '均值移动最远的通道。',
    variance: '方差',
    varianceHelp: '各通道的平均值。',
    worstFactorHelp: '方差变化倍数最大的通道。',
    error: '标准误差',
    errorHelp: '测得的值与无穷多批次结果可能相差多少：均值以标准差为单位，方差为相对值；典型通道。',
    channel: '第 {channel} 通道（从 0 数起）',
    frozen: '已冻结：保留所存的值',
    initial: '从未更新',
    initialHelp: '没有训练步更新过这些统计量：均值 0、方差 1，仍为初始值。',
    reveal: '在画布上显示 {block}',
    elsewhere: '{block}：不在当前项目中',
  },
};
