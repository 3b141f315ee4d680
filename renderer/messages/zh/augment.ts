import type { Messages } from '../en/english.ts';

const probability = { label: '概率', help: '对多大比例的图像起作用，0 到 1。' };

export const augment: Messages['augment'] = {
  views: { classes: '类别', pictures: '图像', augment: '数据增强' },
  view: '显示图像的哪个方面',
  add: '添加变换…',
  remove: '移除{name}',
  none: '训练使用原始图像。添加变换后，每轮都会随机改变图像；验证和预测从不做增强。',
  border: '边缘之外',
  borderHelp: '变换在边缘处留下的空白用什么填充。',
  borders: { black: '黑色', mean: '训练图像的均值', edge: '重复边缘像素', reflect: '镜像图像' },
  noInput: '预览需要带有输入块的网络：它的尺寸就是图像的尺寸。',
  another: '换一张图像',
  plain: '原图',
  epoch: '第 {epoch} 轮',
  epochs: '第 {from} 到 {to} 轮',
  earlier: '更早的轮次',
  later: '更晚的轮次',
  grey: '灰度',
  tensor: '网络的输入',
  tensorHelp: '每个通道归一化之后的值：（值 − 均值）÷ 标准差，均值和标准差取自全部训练图像。',
  estimate: '均值和标准差由 48 张训练图像估计；一旦有训练解码了全部图像，就会变为精确值。',
  sample: '样本',
  sampleHelp: '在这些设置下，训练图像在一次训练中的编号。它决定图像在每一轮得到哪些随机变化。',
  ofSamples: '共 {count} 个',
  min: '最小',
  mean: '均值',
  max: '最大',
  fields: { probability },
  options: { fraction: '边长的比例', px: '像素', mean: '均值', black: '黑色' },
  transforms: {
    randomResizedCrop: {
      title: '随机缩放裁剪',
      help: '把图像的随机一部分拉伸到整个画面（Szegedy 等 2015）。从网络输入尺寸的图像上裁剪。',
      fields: {
        minArea: { label: '最小面积', help: '最小的面积比例。默认 0.5；torchvision 为 0.08，用于大照片。' },
        maxArea: { label: '最大面积', help: '最大的面积比例。默认 1，与 torchvision 相同。' },
        minRatio: { label: '最窄', help: '裁剪部分宽高比的最小值。默认 0.75，与 torchvision 相同。' },
        maxRatio: { label: '最宽', help: '裁剪部分宽高比的最大值。默认 1.333，与 torchvision 相同。' },
      },
    },
    horizontalFlip: { title: '水平翻转', help: '左右镜像。不适用于数字或文字，那会变成另一个符号。' },
    verticalFlip: { title: '垂直翻转', help: '上下镜像。适用于没有上下之分的图像，例如俯视图或显微图像。' },
    shear: {
      title: '错切',
      help: '使图像绕中心倾斜，角度向两侧均匀抽取。',
      fields: {
        x: { label: '横向', help: '竖线的最大倾角，单位为度。默认 10。' },
        y: { label: '纵向', help: '横线的最大倾角，单位为度。默认 0，与 torchvision 相同。' },
      },
    },
    scale: {
      title: '缩放',
      help: '绕中心放大或缩小内容，倍数均匀抽取；小于 1 时会露出边缘之外的部分。',
      fields: {
        min: { label: '最小', help: '最小倍数；0.9 把内容缩到十分之九。默认 0.9。' },
        max: { label: '最大', help: '最大倍数；1.1 把内容放大十分之一。默认 1.1。' },
      },
    },
    rotate: {
      title: '旋转',
      help: '绕中心旋转图像，角度向两侧均匀抽取。',
      fields: { degrees: { label: '角度', help: '向两侧的最大角度，单位为度。默认 10；180 表示任意方向。' } },
    },
    shift: {
      title: '平移',
      help: '按整数像素移动图像，两个方向分别均匀抽取。边缘为黑色时等同于 He 等 2016 的填充随机裁剪（CIFAR-10 上为 4 像素）。',
      fields: {
        unit: { label: '单位', help: '幅度是宽高的比例，还是网络输入尺寸下的像素。' },
        x: {
          label: '横向',
          help: '向左或向右的最大移动。默认为宽度的 0.125：32 像素中的 4 个（He 等 2016）。',
        },
        y: {
          label: '纵向',
          help: '向上或向下的最大移动。默认为高度的 0.125：32 像素中的 4 个（He 等 2016）。',
        },
      },
    },
    randAugment: {
      title: 'RandAugment',
      help: '施加从 14 种操作（错切、平移、旋转、亮度、色彩、对比度、锐度、色调分离、曝光反转、自动对比度、均衡化、不变）中随机抽取的几种，强度相同（Cubuk 等 2020）。几何操作并入唯一的一次重采样。',
      fields: {
        ops: { label: '操作数', help: '每张图像施加几种操作。默认 2，与 torchvision 相同。' },
        magnitude: { label: '强度', help: '所有操作的强度，0 到 30。默认 9，与 torchvision 相同。' },
      },
    },
    colorJitter: {
      title: '颜色抖动',
      help: '依次改变亮度、对比度、饱和度和色相，幅度均匀抽取。饱和度和色相不影响灰度图像。',
      fields: {
        brightness: { label: '亮度', help: '最大变化：0.2 在 0.8 到 1.2 之间抽取倍数。默认 0.2。' },
        contrast: { label: '对比度', help: '最大变化：0.2 在 0.8 到 1.2 之间抽取倍数。默认 0.2。' },
        saturation: { label: '饱和度', help: '最大变化：0.2 在 0.8 到 1.2 之间抽取倍数。默认 0.2。' },
        hue: { label: '色相', help: '沿色环的最大移动，为色环的比例；0.5 可达任何色相。默认 0。' },
      },
    },
    grayscale: { title: '灰度化', help: '去掉颜色：所有通道变为亮度（ITU-R BT.601）。' },
    blur: {
      title: '高斯模糊',
      help: '用宽度随机的高斯核平滑图像；边缘处按镜像延伸。',
      fields: {
        minSigma: {
          label: '最小',
          help: '最小标准差，单位为输入尺寸下的像素。默认 0.1，与 torchvision 相同。',
        },
        maxSigma: {
          label: '最大',
          help: '最大标准差，单位为输入尺寸下的像素。默认 1；torchvision 为 2，用于大照片。',
        },
      },
    },
    noise: {
      title: '高斯噪声',
      help: '给每个像素和通道加上独立的高斯噪声，截断在黑白之间。',
      fields: {
        sigma: { label: '强度', help: '标准差，为黑到白范围的比例。默认 0.05；torchvision 为 0.1。' },
      },
    },
    mixup: {
      title: 'Mixup',
      help: '与训练集中的另一张图像按比例混合，标签也按同样比例混合（Zhang 等 2018）。训练准确率按比例较大的标签计算。',
      fields: {
        alpha: {
          label: 'Alpha',
          help: '混合比例的 Beta(alpha, alpha) 分布参数：越小越接近单张图像，1 时各比例机会均等。默认 0.2（Zhang 等 2018，ImageNet）；CIFAR-10 上为 1。',
        },
      },
    },
    cutmix: {
      title: 'CutMix',
      help: '把另一张训练图像的随机方块贴过来，标签按面积混合（Yun 等 2019）。若同时启用 Mixup，两者都会起作用时随机择一。',
      fields: {
        alpha: {
          label: 'Alpha',
          help: '混合比例的 Beta(alpha, alpha) 分布参数：越小越接近单张图像，1 时各比例机会均等。默认 1（Yun 等 2019）。',
        },
      },
    },
    cutout: {
      title: '遮挡',
      help: '用一种颜色遮住随机的方块（DeVries 与 Taylor 2017）。方块中心可在图像任意处，因此可能伸出边缘。',
      fields: {
        size: {
          label: '大小',
          help: '方块边长，为短边的比例。默认 0.5，CIFAR-10 上即 32 像素中的 16 个（DeVries 与 Taylor 2017）。',
        },
        holes: { label: '方块数', help: '遮挡几个方块。默认 1。' },
        fill: { label: '颜色', help: '训练图像的均值（网络看到的是 0）或黑色。默认为均值，与论文相同。' },
      },
    },
  },
};
