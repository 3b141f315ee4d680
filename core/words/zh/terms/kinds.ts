import type { KindTexts } from '../../terms.ts';

/** Block kinds, and the parameters that mean something of their own there. */
export const kinds: Readonly<Record<string, KindTexts>> = {
  input: {
    title: '输入',
    help: '图像由此进入。每张图像先缩放到这里的高和宽，再用训练图像的均值和标准差归一化。',
  },
  conv2d: { title: '二维卷积', help: '用可训练的卷积核滑过图像；每个滤波器给出一个输出通道。' },
  convTranspose2d: {
    title: '二维转置卷积',
    help: '用可训练的卷积核放大图像：每个像素把乘以自身值的核加到更大的图像上。它是带步幅的二维卷积的转置。',
    params: {
      kernel: {
        label: '核大小',
        help: '核的高，单位像素；除非另设宽度，宽与高相同。取步幅的整数倍可避免棋盘纹（Odena 等 2016）。默认 4，与 DCGAN 相同。',
      },
      kernelX: { label: '核宽', help: '矩形核的宽，单位像素。默认 4。' },
      stride: {
        label: '步幅',
        help: '输出的高和宽是输入的多少倍：相邻两个输入像素在输出中的距离。默认 2，即各放大一倍。',
      },
      padding: {
        label: '填充',
        help: '从输出边缘裁掉多少。Same：裁到输入的步幅倍，多出的一个像素裁在下方和右侧（TensorFlow）。Valid：不裁。显式：按给定像素裁（PyTorch）。默认 same。',
      },
      padY: { label: '上下填充', help: '上方和下方各裁掉的行数。默认 1：PyTorch 的 padding=1。' },
      padX: { label: '左右填充', help: '左侧和右侧各裁掉的列数。默认 1：PyTorch 的 padding=1。' },
      asymmetric: {
        label: '不对称',
        help: '下方和右侧按自己的数裁掉；上面两个数则只用于上方和左侧。默认关闭。',
      },
      padBottom: { label: '下方填充', help: '下方裁掉的行数。默认 1。' },
      padRight: { label: '右侧填充', help: '右侧裁掉的列数。默认 1。' },
      outputPadding: {
        label: '输出填充',
        help: '下方和右侧多出的行数和列数，必须小于步幅：带步幅的卷积会把几种输入大小变成同一种输出大小，这里选择恢复成哪一种。默认 0，与 PyTorch 相同。',
      },
    },
  },
  dense: {
    title: '全连接',
    help: '每个输出都是所有输入的加权和。输出块之前的最后一个全连接层，单元数等于类别数。',
  },
  batchNorm: {
    title: '批归一化',
    help: '把每个通道在整批数据上变为均值 0、方差 1，再乘 gamma、加 beta（Ioffe 与 Szegedy 2015）。训练以外使用存储的统计量。',
    params: {
      averaging: {
        label: '平均方式',
        help: '各批统计量如何汇入存储值。指数平均按衰减遗忘旧批；累积平均是从第一步起所有批的简单平均（PyTorch 的 momentum=None；Keras 与 Caffe 没有）。默认指数平均。',
      },
      ghostSize: {
        label: '幽灵组大小',
        help: '训练时一起归一化的样本数（幽灵批归一化，Hoffer 等 2017）：32 使 128 的批如同四个 32 的批。填不满最后一组的样本并入前一组。存储的统计量取自整批。0 表示整批为一组。默认 0。',
      },
      renorm: {
        label: '批重归一化',
        help: '把每一批向存储的统计量校正：x̂ = (x − μ) / σ · r + d，其中 r = σ / σ存储，d = (μ − μ存储) / σ存储，两者截断并在梯度中视为常数（Ioffe 2017）。用于很小或不均匀的批。推理时就是普通批归一化。默认关闭。',
      },
      renormMaxR: {
        label: 'r 的上限',
        help: '升到头之后 r 保持在 1 / 上限 与上限之间；从 1 开始。默认 3，与论文相同（Ioffe 2017，第 4 节）。',
      },
      renormMaxD: {
        label: 'd 的上限',
        help: '升到头之后 d 保持在 ±上限之内，单位是存储的标准差；从 0 开始。默认 5，与论文相同（Ioffe 2017，第 4 节）。',
      },
      renormStart: {
        label: '放宽始于步',
        help: '到这一步为止是普通批归一化，让存储的统计量先成形。默认 500，是论文 5,000 的十分之一，因为这里的训练更短。',
      },
      renormEndR: {
        label: 'r 放宽至步',
        help: '从这一步起 r 可达上限；之前界限从 1 直线上升。默认 4,000，是论文 40,000 的十分之一。',
      },
      renormEndD: {
        label: 'd 放宽至步',
        help: '从这一步起 d 可达上限；之前界限从 0 直线上升。默认 2,500，是论文 25,000 的十分之一。',
      },
    },
  },
  layerNorm: {
    title: '层归一化',
    help: '把每个样本各自变为均值 0、方差 1，再乘 gamma、加 beta（Ba 等 2016）。与批无关：训练内外、任何批大小都一样。',
    params: {
      over: {
        label: '范围',
        help: '哪些值共用均值和方差；对向量来说两者都是全部的值。默认整个样本，与 Ba 等 2016 相同。',
      },
      affine: {
        label: 'gamma 和 beta 属于',
        help: '样本的每个值都有自己的 gamma 和 beta（nn.LayerNorm([C, H, W])），还是每个通道才有（如批归一化和只有一组的组归一化）。默认每个值，与 PyTorch 相同。',
      },
    },
  },
  groupNorm: {
    title: '组归一化',
    help: '把样本中每一组相邻通道变为均值 0、方差 1，再乘 gamma、加 beta（Wu 与 He 2018）。与批无关：训练内外、任何批大小都一样。',
    params: {
      groups: {
        label: '组数',
        help: '必须能整除通道数。1 相当于每通道有 gamma、beta 的层归一化，等于通道数则是实例归一化。默认 8，能整除内置网络的宽度；Wu 与 He 在 64 个以上通道时用 32。',
      },
    },
  },
  instanceNorm: {
    title: '实例归一化',
    help: '把每个样本的每个通道在其像素上变为均值 0、方差 1，再乘 gamma、加 beta（Ulyanov 等 2016）。去掉每张图像的亮度和对比度；与批无关。',
  },
  relu: { title: 'ReLU', help: '正值不变，负值变为 0：max(0, x)。' },
  relu6: {
    title: 'ReLU6',
    help: '与 ReLU 相同，但大于 6 的值变为 6：min(max(0, x), 6)（Sandler 等 2018，MobileNetV2）。',
  },
  leakyRelu: {
    title: 'LeakyReLU',
    help: '与 ReLU 相同，但负值乘以 alpha 而不是截断（Maas 等 2013）。',
    params: {
      alpha: { label: 'Alpha', help: '负值的斜率，无单位。默认 0.01，与 PyTorch 相同（Keras 为 0.3）。' },
    },
  },
  prelu: {
    title: 'PReLU',
    help: '与 LeakyReLU 相同，但负值的斜率可训练（He 等 2015）。',
    params: {
      shared: {
        label: '所有通道共用一个斜率',
        help: '打开：只有一个可训练的斜率，即 PyTorch 的默认。关闭：每个通道一个，与论文相同。默认关闭。',
      },
      initial: {
        label: '初始斜率',
        help: '训练之前负值的斜率，无单位。默认 0.25，与论文和 PyTorch 相同；Keras 为 0。',
      },
    },
  },
  elu: {
    title: 'ELU',
    help: '与 ReLU 相同，但负值平滑地趋向 −alpha：alpha · (eˣ − 1)（Clevert 等 2015）。',
    params: { alpha: { label: 'Alpha', help: '极小输入的极限为 −alpha，无单位。默认 1。' } },
  },
  gelu: {
    title: 'GELU',
    help: 'x 乘以它的正态分布函数：x · Φ(x)（Hendrycks 与 Gimpel 2016）。',
    params: {
      form: {
        label: '形式',
        help: '用误差函数计算 Φ，或 x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))，相差至多 0.0005。默认精确，与 PyTorch 和 Keras 相同。',
      },
    },
  },
  silu: { title: 'SiLU', help: 'x · sigmoid(x)，也称 Swish（Ramachandran 等 2017）。' },
  hardSwish: {
    title: 'HardSwish',
    help: '由直线组成的 SiLU 近似：x · min(max(x + 3, 0), 6) / 6（Howard 等 2019）。',
  },
  sigmoid: { title: 'Sigmoid', help: '把值压缩到 0 到 1：1 / (1 + e⁻ˣ)。输入过大时饱和，梯度消失。' },
  hardSigmoid: {
    title: 'HardSigmoid',
    help: '由直线组成的 Sigmoid 近似：x / 6 + 1/2，截断到 0 到 1，与 PyTorch 和 Keras 3 相同（Keras 2 为 0.2x + 0.5）。MobileNetV3 的门（Howard 等 2019）。',
  },
  tanh: { title: 'Tanh', help: '把值压缩到 −1 到 1。输入过大时饱和，梯度消失。' },
  softmax: {
    title: 'Softmax',
    help: '把每个像素处的各通道（或向量的各值）变为和为 1 的正的份额：eˣ / Σ eˣ。用于网络内部的注意力和门；输出块自己会做 softmax。',
  },
  maxPool: {
    title: '最大池化',
    help: '逐通道保留每个窗口中的最大值。',
    params: {
      asymmetric: {
        label: '不对称',
        help: '让左侧、下方和右侧有自己的填充；“填充像素”则只用于上方。每个都小于核。默认关闭。',
      },
      padLeft: { label: '左侧填充', help: '左侧补的列数，单位像素。默认 0。' },
      padBottom: { label: '下方填充', help: '下方补的行数，单位像素。默认 0。' },
      padRight: { label: '右侧填充', help: '右侧补的列数，单位像素。默认 0。' },
    },
  },
  avgPool: {
    title: '平均池化',
    help: '逐通道取每个窗口的平均值。除非另行指定，填充不计入。',
    params: {
      asymmetric: {
        label: '不对称',
        help: '让左侧、下方和右侧有自己的填充；“填充像素”则只用于上方。每个都小于核。默认关闭。',
      },
      padLeft: { label: '左侧填充', help: '左侧补的列数，单位像素。默认 0。' },
      padBottom: { label: '下方填充', help: '下方补的行数，单位像素。默认 0。' },
      padRight: { label: '右侧填充', help: '右侧补的列数，单位像素。默认 0。' },
      countPadding: {
        label: '填充计入',
        help: '除以窗口的全部像素，填充按零计（PyTorch 的 count_include_pad=True，即其默认）；关闭则只除以图像内的像素，与 Keras 和 ONNX 相同。默认关闭。',
      },
    },
  },
  adaptiveAvgPool: {
    title: '自适应平均池化',
    help: '按输出的像素数把图像分成同样多的窗口，逐通道取每个窗口的平均值。大小不能整除时窗口会重叠，与 PyTorch 的 AdaptiveAvgPool2d 相同。',
    params: {
      height: { label: '高', help: '输出的高，单位像素。默认 1，即所有行的平均；VGG 为 7。' },
      width: { label: '宽', help: '输出的宽，单位像素。默认 1，即所有列的平均；VGG 为 7。' },
    },
  },
  globalAvgPool: {
    title: '全局平均池化',
    help: '对每个通道的所有像素取平均：图像变为每通道一个数的向量（Lin 等 2013）。',
  },
  upsample: {
    title: '上采样',
    help: '按整数倍放大图像，不训练任何东西。',
    params: {
      factor: { label: '倍数', help: '高和宽放大多少倍。默认 2，与 Keras 相同。' },
      interpolation: {
        label: '插值',
        help: '最近邻重复每个像素。双线性取周围四个像素的加权平均，以像素中心计：PyTorch 的 align_corners=False，与 Keras 和 TensorFlow 2 相同。默认最近邻。',
      },
    },
  },
  pad: {
    title: '边框填充',
    help: '在图像四周加边框：一个固定值、图像的镜像，或重复的边缘。',
    params: {
      border: {
        label: '边框',
        help: '边框里放什么。常数：一个值。镜像：图像的镜像，边缘本身不重复。复制：重复边缘。与 PyTorch 的同名方式相同。默认常数。',
      },
      value: { label: '值', help: '边框的值，单位与输入相同。默认 0。' },
      top: { label: '上', help: '上方增加的行数。默认 1。' },
      bottom: { label: '下', help: '下方增加的行数。默认 1。' },
      left: { label: '左', help: '左侧增加的列数。默认 1。' },
      right: { label: '右', help: '右侧增加的列数。默认 1。' },
    },
  },
  reshape: {
    title: '变形',
    help: '按通道、按行的顺序把同样的值排成另一种形状，与 PyTorch 的 reshape 相同。',
    params: {
      to: { label: '形状', help: '输出是图像还是向量。默认图像。' },
      channels: {
        label: '通道',
        help: '输出的通道数；−1 表示由其余推出，最多一个可为 −1。默认 −1：高和宽为 1 时，向量即成为相乘块的门。',
      },
      height: { label: '高', help: '输出的高，单位像素；−1 表示由其余推出。默认 1。' },
      width: { label: '宽', help: '输出的宽，单位像素；−1 表示由其余推出。默认 1。' },
      features: { label: '特征数', help: '向量的长度；−1 表示全部。默认 −1，与展平相同。' },
    },
  },
  multiply: {
    title: '相乘',
    help: '逐值相乘各个输入。每通道一个值（C × 1 × 1，或长度为 C 的向量）或每像素一个值（1 × H × W）的门会被广播，如 squeeze-and-excitation（Hu 等 2018）。',
  },
  flatten: { title: '展平', help: '按通道、按行把图像的所有值排成一个向量，与 PyTorch 相同。' },
  add: { title: '相加', help: '逐值相加各个输入，如 ResNet 的捷径。所有输入的形状必须相同。' },
  concat: { title: '拼接', help: '沿通道方向依次拼接各个输入。图像的高和宽必须相同。' },
  dropout: {
    title: '随机失活',
    help: '训练时把随机一部分值置 0 并放大其余的值；其他时候不起作用（Srivastava 等 2014）。',
  },
  spatialDropout: {
    title: '空间随机失活',
    help: '训练时把随机一部分通道整个置 0 并放大其余的通道；其他时候不起作用（Tompson 等 2015；PyTorch 的 Dropout2d）。相邻像素高度相关，只去掉单个像素几乎没有作用。',
    params: {
      rate: {
        label: '比率',
        help: '置 0 的通道比例，0 到 0.99。默认 0.2；PyTorch 为 0.5，在卷积之间偏大。',
      },
    },
  },
  stochasticDepth: {
    title: '随机深度',
    help: '训练时对随机一部分样本把整个分支置 0，并放大其余样本的分支；其他时候不起作用（Huang 等 2016；torchvision 的 StochasticDepth，mode 为“row”）。放在残差块的相加之前，就使这些样本跳过该块。如果它之前没有权重在训练，它不起作用：冻结主干的特征保持不变。',
    params: {
      rate: {
        label: '比率',
        help: '分支置 0 的样本比例，0 到 0.99。默认 0.2，即 EfficientNet 最后一块的比率；前面的块按比例更小。',
      },
    },
  },
  output: {
    title: '输出',
    help: '每个类别接收一个数（logit），两个类别时也可以只接收一个。训练设置中的损失函数（含 softmax 或 sigmoid）已包含在内，前面不要再放 softmax 或激活。',
  },
};
