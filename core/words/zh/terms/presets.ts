/** The settings of a BatchNorm block that have a name. */
export const presets = {
  train: { title: '训练', help: '按批归一化，更新统计量，训练 gamma 和 beta：PyTorch 的 model.train()。' },
  frozen: { title: '冻结', help: '按存储的统计量归一化，什么都不改变：torchvision 的 FrozenBatchNorm2d。' },
  kerasFrozen: { title: 'Keras trainable=False', help: '使用存储的统计量，不更新，gamma 和 beta 固定。' },
  caffeGlobalStats: {
    title: 'Caffe use_global_stats',
    help: '使用存储的统计量，不更新；gamma 和 beta 属于 Caffe 的 Scale 层，仍然训练。',
  },
  adapt: {
    title: '适应统计量',
    help: '按批归一化并更新统计量；gamma 和 beta 保持不变：PyTorch 的 model.train()，weight 和 bias 设 requires_grad=False。',
  },
  affineOnly: { title: '微调 gamma 和 beta', help: '使用存储的统计量，不更新；只训练 gamma 和 beta。' },
};
