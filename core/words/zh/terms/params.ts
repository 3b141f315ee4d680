import type { ParamTexts } from '../../terms.ts';

/** Parameters that several kinds share, by name. */
export const params: Readonly<Record<string, ParamTexts>> = {
  filters: { label: '滤波器', help: '输出通道数。默认 32。' },
  kernel: { label: '核大小', help: '核（窗口）的高，单位像素；除非另设宽度，宽与高相同。' },
  rectangular: { label: '矩形核', help: '让核有自己的宽度。默认关闭。' },
  kernelX: { label: '核宽', help: '矩形核的宽，单位像素。默认 3。' },
  stride: { label: '步幅', help: '相邻两个位置之间的像素数；2 使高和宽减半。' },
  padding: {
    label: '填充',
    help: 'Same：输出大小为输入除以步幅并向上取整（TensorFlow）。Valid：不填充。显式：按给定像素填充（PyTorch）。',
  },
  padY: { label: '上下填充', help: '上方和下方各补的零行数。' },
  padX: { label: '左右填充', help: '左侧和右侧各补的零列数。' },
  pad: { label: '填充像素', help: '四边各补的像素数，最多为核的一半。默认 0。' },
  dilation: { label: '膨胀', help: '相邻核元素之间的像素数；1 为普通卷积。默认 1。' },
  groups: { label: '分组', help: '把输入通道和滤波器分成这么多独立的部分；必须能整除两者。默认 1。' },
  bias: {
    label: '偏置',
    help: '给每个输出通道加一个可训练的数。紧接在按批归一化的 BatchNorm 之前时不起作用。默认开启。',
  },
  trainWeights: {
    label: '训练权重',
    help: '训练此块的权重：核与偏置、斜率，或 gamma 与 beta。关闭后全部保持不变（逐位相同），但仍照常使用。默认开启。',
  },
  rateFactor: {
    label: '学习率系数',
    help: '乘到此块的学习率上，相当于 PyTorch 中有自己 lr 的参数组；解耦的权重衰减（AdamW、Lion）同样乘以它。默认 1。',
  },
  initializer: {
    label: '初始化',
    help: '初始权重的取法；除非另有说明，偏置从 0 开始。默认 He 正态。',
  },
  initialDeviation: {
    label: '标准差',
    help: '截断正态分布的标准差；超过两倍标准差的值重新抽取。默认 0.02，与 BERT 和视觉 Transformer 相同；Keras 的 TruncatedNormal 为 0.05。',
  },
  initialValue: {
    label: '值',
    help: '每个权重的初值。权重相等时，块中所有单元永远相同。默认 0.01。',
  },
  units: { label: '单元数', help: '输出的个数；在输出块之前等于类别数。默认 10。' },
  rate: { label: '比率', help: '置 0 的比例，0 到 0.99。默认 0.5，与 PyTorch 相同。' },
  inputs: { label: '输入数', help: '输入端口的个数，2 到 8。默认 2。' },
  height: { label: '高', help: '图像缩放后的高，单位像素。默认 32。' },
  width: { label: '宽', help: '图像缩放后的宽，单位像素。默认 32。' },
  channels: { label: '通道', help: '3 为彩色（红、绿、蓝），1 为灰度。默认 3。' },
  gamma: {
    label: 'Gamma',
    help: '乘以可训练的缩放，初值 1。默认开启，与批归一化相同；PyTorch 的 InstanceNorm2d 默认关闭（affine=False）。',
  },
  beta: {
    label: 'Beta',
    help: '加上可训练的平移，初值 0。默认开启，与批归一化相同；PyTorch 的 InstanceNorm2d 默认关闭（affine=False）。',
  },
  decay: {
    label: '衰减',
    help: '更新统计量时旧值的权重：存储值 ← 衰减 · 存储值 + (1 − 衰减) · 批统计量。衰减 0.9 即 PyTorch 的 momentum 0.1、Keras 与 ONNX 的 momentum 0.9。',
  },
  epsilon: {
    label: 'Epsilon',
    help: '开平方前加到方差上的数。默认 1e-5，与 PyTorch、ONNX、Caffe 相同；Keras 为 1e-3。',
  },
  variance: {
    label: '存储的方差',
    help: '存入哪一种方差估计：除以 m − 1（PyTorch、Caffe）或除以 m（Keras 3）。',
  },
  normalizeBy: {
    label: '归一化依据',
    help: '训练时用谁的均值和方差：本批的（梯度经过它们），或存储的（作为常数）。',
  },
  updateStatistics: {
    label: '更新存储的统计量',
    help: '训练时把存储的均值和方差移向每一批的统计量，不参与梯度。',
  },
  trainGamma: { label: '训练 gamma', help: '训练每个通道的缩放，初值 1。关闭则保持不变，但仍然使用。' },
  trainBeta: { label: '训练 beta', help: '训练每个通道的平移，初值 0。关闭则保持不变，但仍然使用。' },
};
