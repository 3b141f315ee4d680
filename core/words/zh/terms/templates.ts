/** Built-in networks, by name. */
export const templates = {
  'mnist-cnn-bn': {
    title: '小型卷积网络（批归一化）',
    description: '一个带批归一化的卷积和一个全连接：一分钟学会手写数字。',
  },
  'bn-mlp': {
    title: 'Sigmoid 多层感知机（批归一化）',
    description: '三个各 100 个 sigmoid 单元的隐藏层：批归一化论文的图 1。',
  },
  'vgg-bn': {
    title: 'VGG 风格（批归一化）',
    description: '三个阶段共六个 3×3 卷积，每个都带批归一化和 ReLU。',
  },
  resnet20: {
    title: 'ResNet-20',
    description: '三个阶段共九个残差块，即 He 等人在 CIFAR-10 上训练的网络。',
  },
};
