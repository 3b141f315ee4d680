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
  resnet18: { title: 'ResNet-18', description: '八个残差块，每个含两个 3×3 卷积：照片任务常用的首选。' },
  resnet34: { title: 'ResNet-34', description: '十六个残差块，每个含两个 3×3 卷积。' },
  resnet50: { title: 'ResNet-50', description: '十六个瓶颈残差块：其他网络最常与之比较的网络。' },
  'vgg11-bn': {
    title: 'VGG-11（批归一化）',
    description: '八个 3×3 卷积和三个很大的全连接：结构简单，计算量大。',
  },
  'vgg16-bn': {
    title: 'VGG-16（批归一化）',
    description: '十三个 3×3 卷积和三个很大的全连接：结构简单，计算量最大。',
  },
  'mobilenet-v2': {
    title: 'MobileNetV2',
    description: '带深度卷积和 ReLU6 的倒残差块，为手机设计。',
  },
  'mobilenet-v3-large': {
    title: 'MobileNetV3-Large',
    description: '带 HardSwish 和压缩激励（SE）的倒残差块，为手机设计。',
  },
  'efficientnet-lite0': {
    title: 'EfficientNet-Lite0',
    description: '去掉压缩激励、使用 ReLU6 的 EfficientNet：在 CPU 上又准又快。',
  },
  'efficientnet-b0': {
    title: 'EfficientNet-B0',
    description: '带 SiLU 和压缩激励（SE）的倒残差块：以其规模而言很准确。',
  },
  densenet121: {
    title: 'DenseNet-121',
    description: '块内每一层都看到之前的所有层：权重少，占内存多。',
  },
  'squeezenet1-1': { title: 'SqueezeNet 1.1', description: '权重极少，没有批归一化。' },
};
