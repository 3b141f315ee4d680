import type { graph as english } from '../en/graph.ts';
import type { Translation } from '../english.ts';

export const graph: Translation<typeof english> = {
  block: '{title} {id}',
  nameAndId: '{name}（{id}）',
  ofBlock: '{block}：{problem}',
  more: '另有 {more} 个',

  kindUnknown: '{block} 的类型是 "{kind}"，此版本的 NormLab 不认识。',
  kindUnknownHint: '请换成其他块，或用创建该项目的版本打开。已知类型：{kinds}。',
  setParam: '将{param}设为 {value}',
  setParamOf: '将 {block} 的{param}设为 {value}',

  wireMissing: '{block} 没有输入。',
  wireMissingHint: '请从前一个块连线到它。',
  wireMissingAt: '{block} 的端口 {port} 没有输入。',
  wireMissingAtHint: '请从前一个块连线到它的端口 {port}。',
  wireDangling: '有一条从 {source} 到 {target} 的连线，但 {lost} 不存在。',
  wireDanglingTwice: '有一条从 {source} 到 {target} 的连线，但 {source} 和 {target} 都不存在。',
  wireDanglingHint: '请为 {block} 重新连线。',
  removeWire: '请删除这条连线。',
  inputUnknown: '从 {source} 来的连线接到 {block} 的 {port}，但它只有 {ports}。',
  inputNone: '从 {source} 来的连线接到 {block} 的 {port}，但它没有输入。',
  removeWireOrAddInputs: '请删除这条连线，或增加该块的输入数。',
  giveInputs: '将输入数设为 {inputs}',
  outputUnknown: '{block} 的输入来自 {source} 的 {port}，但后者只有 {ports}。',
  outputNone: '{block} 的输入来自 {source} 的 {port}，但后者没有输出。',
  outputUnknownHint: '请从其他块连线到 {block}。',
  cycle: '连线形成了环路：{blocks}。',
  cycleHint: '请删除其中一条连线：数据必须从输入流向输出。',

  inputMissing: '网络没有输入块。',
  inputMissingHint: '请添加一个输入块，并连线到第一个块。',
  inputMany: '{block} 是 {total} 个输入块之一（{blocks}），但一个网络只能有一个。',
  inputManyHint: '请保留一个输入块，删除其余的。',
  outputMissing: '网络没有输出块。',
  outputMissingHint: '请添加一个输出块，并从最后一个块连线到它。',
  outputMany: '{block} 是 {total} 个输出块之一（{blocks}），但一个网络只能有一个。',
  outputManyHint: '请保留一个输出块，删除其余的。',
  unreachable: '{block} 没有与输入块相连，因此不参与训练。',
  unreachableHint: '请把它连入网络，或删除它。',
  deadEnd: '{block} 的输出没有去向，因此不参与训练。',
  deadEndHint: '请把它继续连向输出块，或删除它。',

  noParameters: '网络中没有可训练的内容：输入与输出之间没有任何块带有可训练的参数。',
  noParametersHint: '请添加全连接或二维卷积，或让某个批归一化训练 gamma 和 beta。',
  lossOutputs: '{output} 只得到一个数，但该损失函数需要每个类别一个数。',
  lossOutputsHint: '{fix}，或在训练设置中选择二元交叉熵或 focal 损失：它们用一个数区分两个类别。',
  onePerClass: '请让它得到每个类别一个数',
  classWeights: '训练设置给出了 {weights} 个类别权重，但网络区分 {classes} 个类别。',
  classWeightsHint: '请按类别名称的顺序为每个类别给出一个权重，或选择均衡权重。',

  classesMismatch: '网络区分 {classes} 个类别，但图像文件夹中有 {found} 个。',
  classesMismatchHint: '{fix}，或选择其他文件夹。',
  receiveClasses: '请让 {output} 接收 {classes} 个数',
  groupOfOne: '{block} 在每个幽灵组中每个{axis}只有一个值，而一个值没有方差。',
  groupOfOneHint: '请将幽灵组大小设为 2 或更大，或设为 0 表示整批。',
  wholeBatch: '按整批归一化',
  batchOfOne: '{block} 在每一批中每个{axis}只有一个值，而一个值没有方差。',
  batchOfOneHint: '请将批大小设为 2 或更大，或让该块按存储的统计量归一化且不更新它们。',
  lastBatchOfOne:
    '{block} 在每轮的最后一批中（{images} 张图像 = {full} × {batch} + 1）每个{axis}只有一个值，而一个值没有方差。',
  lastBatchOfOneHint: '请丢弃不完整的批，或将其并入前一批（训练设置中的余下样本），或选择其他批大小。',
  feature: '特征',
  channel: '通道',
  accumulatedNorm:
    '{block} 按大小为 {batch} 的批归一化，但一次更新累积 {accumulate} 批的梯度：这与大小为 {whole} 的批训练并不相同。',
  accumulatedNorms:
    '{norms} 个批归一化块按大小为 {batch} 的批归一化，但一次更新累积 {accumulate} 批的梯度：这与大小为 {whole} 的批训练并不相同。',
  accumulatedNormHint: '如果内存允许，请增大批大小，或使用与批无关的归一化。',
  renormTooLate:
    '{block} 在第 {start} 步之后才开始重归一化，但本次运行只有 {steps} 步：它将始终是普通的批归一化。',
  renormTooLateHint: '请让放宽更早开始和结束，训练更多轮，或关闭重归一化。',

  biasBeforeNorm: '{block} 的偏置不起作用：{norm} 会把它随均值一起减去。',
  biasBeforeNormHint: '请关闭偏置；{norm} 的 beta 起同样的作用。',
  switchBiasOff: '关闭偏置',
  activationBeforeLoss:
    '{block} 紧接在 {output} 的 softmax 之前改变了 logits，而 softmax 应直接接收 logits。',
  softmaxTwice:
    '{block} 做了一次 softmax，{output} 的损失函数又做一次：任何类别的概率都无法接近 1，梯度也会变小。',
  removeActivation: '请删除 {block}：输出块自己会做 softmax。',
  activationUseless: '{block} 直接跟在 {source} 之后，不改变任何值。',
  activationTwice: '{block} 直接跟在 {source} 之后：连续两个激活。',
  activationTwiceHint: '请删除其中一个，或在它们之间放一个带权重的块。',
  pytorchMomentum: '{block} 的衰减为 {decay}：每一批都会替换存储统计量的 {percent} %。',
  pytorchMomentumHint: '衰减是旧值的权重。如果 {decay} 取自 PyTorch 的 momentum，衰减应为 {value}。',
  setDecay: '将衰减设为 {value}',
  updateStatistics: '更新统计量',
  neverUpdatedInBatch:
    '{block} 训练时按批统计量归一化，评估时却用从未更新的存储统计量：即运行开始时的均值 0 和方差 1。',
  neverUpdatedInBatchHint: '请让它更新统计量，或在训练之后精确测量统计量。',
  neverUpdated:
    '{block} 按均值 0 和方差 1 归一化，这是运行开始时的值，且从未更新：它只是乘以 gamma 再加 beta。',
  neverUpdatedHint: '如果网络是从头训练的，请让它更新统计量。',
};
