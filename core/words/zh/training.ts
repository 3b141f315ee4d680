import type { training as english } from '../en/training.ts';
import type { Translation } from '../english.ts';

export const training: Translation<typeof english> = {
  divergedLoss:
    '训练在第 {step} 步（第 {epoch} 轮）发散：数值超出可计算的范围，学习率为 {rate}。请尝试学习率 {tryRate}（十分之一）、更长的预热，或批归一化。',
  divergedGradient:
    '第 {step} 步（第 {epoch} 轮）的梯度中有非有限值，无法裁剪，尽管损失是有限的（学习率 {rate}）。请尝试学习率 {tryRate}（十分之一）；若精度为 bf16，请改用 f32。',
  divergedBatch:
    'BatchNorm 块 {node} 在第 {step} 步（第 {epoch} 轮）得到非有限的统计量，所在批次含 {images}，学习率为 {rate}。请尝试学习率 {tryRate}（十分之一）、更长的预热，或梯度裁剪。',
  divergedImage:
    'BatchNorm 块 {node} 在第 {step} 步（第 {epoch} 轮）得到非有限的统计量，该批次中只有 {image} 产生这样的数值。请检查这张图像，或将其排除。',
  storedStatistics: '存储的统计量仍是这一批之前的。',
  imageNumber: '第 {index} 号图像',
  nothingKept: '此前没有写入过检查点，因此没有可以恢复的权重。',
  checkpointKept: '第 {step} 步的检查点（已完成 {epochs}）已保留。',
  bestKept: '第 {step} 步的检查点（已完成 {epochs}）已保留，最佳轮次（第 {best} 轮）的权重也已保留。',
  epochs: '{count} 轮',
};
