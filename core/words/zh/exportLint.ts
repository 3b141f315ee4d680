import type { exportLint as english } from '../en/exportLint.ts';
import type { Translation } from '../english.ts';

export const exportLint: Translation<typeof english> = {
  allChannels: '全部 {of} 个通道',
  channels: '{of} 个通道中的 {count} 个（{channels}）',
  channelsAndMore: '{of} 个通道中的 {count} 个（{channels}、…）',
  neverUpdated: '{block}：没有任何一步更新过其移动统计量，因此它以初始的均值 0 和方差 1 导出，不做归一化。',
  neverUpdatedHint: '请通过重新校准测量统计量，或让该块更新统计量并继续训练。',
  initial: '{block}：每个通道存储的均值恰为 0、方差恰为 1，与任何更新之前一样。该块不做归一化。',
  initialHint: '请重新校准统计量并比较准确率。对于导入的权重，请检查其统计量是否已被读取。',
  negative: '{block}：{where}的方差为负，因此无法计算输出。文件已损坏，或其张量被弄混。',
  slightlyNegative:
    '{block}：{where}的方差略低于零。epsilon {epsilon} 使输出保持有限，但方差不可能小于 0：计算它的程序有舍入误差。',
  negativeHint: '请重新校准统计量，或从完好的文件重新读取权重。',
  amplified:
    '{block}：{where}的方差小于 epsilon（{epsilon}）的十倍。这些通道的尺度由 epsilon 决定，输入的微小差异（包括舍入误差）最多被放大 {factor} 倍。',
  amplifiedHint:
    '如果这些通道已失效，请训练更久或使用更小的学习率；如果只是其输入较小，请使用更小的 epsilon。',
  quiet:
    '{block}：{where}的方差小于 epsilon（{epsilon}）的十倍。这些通道几乎恒定，且 gamma 使其保持较小：输入的差异最多乘以 {factor}。',
  quietHint: '无需处理；这些通道可以移除。',
  constant: '{block}：每个通道的 gamma 都为 0，因此无论输入如何，该块都输出其 beta。',
  constantHint: '请训练更久：从 0 开始的 gamma 会在训练中增大。请检查 gamma 是否参与训练。',
  smallGamma:
    '{block}：{where}的 gamma 接近 0：小于该块最大值的千分之一，或小于 0.000001。这些通道除 beta 外几乎没有输出。',
  smallGammaHint: '无需处理；这些通道可以移除。在 16 位运算中它们会丢失。',
};
