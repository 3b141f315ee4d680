import type { bundles as english } from '../en/bundles.ts';
import type { Translation } from '../english.ts';

export const bundles: Translation<typeof english> = {
  padsBefore: '{block}：各边的填充不同，因此在该层之前使用 F.pad。',
  cutsAfter: '{block}：对边的裁剪不同，因此在该层之后使用带负数的 F.pad。',
  ownClass: '{block}：PyTorch 没有这样的模块；model.py 中包含类 {class}。',
  renamed: '{block} 在 model.py 和 state dict 中名为 {name}，因为它的 id 不是 Python 中可用的名称。',
  ghostGroups:
    '{block}：PyTorch 的 BatchNorm 没有每组 {size} 个样本的 ghost 分组。eval() 的输出相同；在 PyTorch 中继续训练时按整个批次归一化。',
  renorm:
    '{block}：PyTorch 的 BatchNorm 没有批重归一化。eval() 的输出相同；在 PyTorch 中继续训练时是普通的 BatchNorm。',
  storedUpdating:
    '{block}：PyTorch 不能在更新运行统计量的同时用它们归一化。eval() 的输出相同；在 PyTorch 中继续训练时按批次归一化。',
  biased: '{block}：运行方差是有偏方差的平均，而 PyTorch 会继续使用无偏方差。eval() 的输出相同。',
  switches: '{block}：训练开关在 model.py 的方法 freeze_batch_norm() 中；每次 train() 之后调用它。',
  notTrained: '{block}：权重不参与训练这一点不在 model.py 中；请使用 requires_grad_(False)。',
  caffeNoLayer: '{block}：Caffe 1.0 没有这样的层，因此此网络无法导出为 Caffe。',
  caffePadding: '{block}：Caffe 1.0 无法表达其填充，因此此网络无法导出为 Caffe。请让各边的填充相同。',
  caffeMean: '{block}：Caffe 的平均值计入填充，因此此网络无法导出为 Caffe。请打开“计入填充”，或不使用填充。',
  caffeAdaptive: '{block}：其窗口不是大小相等的正方形，而 Caffe 1.0 需要这样，因此此网络无法导出为 Caffe。',
  caffeProduct: '{block}：Caffe 1.0 无法广播这些输入，因此此网络无法导出为 Caffe。',
  caffeUpsample: '{block}：Caffe 1.0 无法像此模块那样双线性插值，因此此网络无法导出为 Caffe。最近邻可以。',
  caffePad: '{block}：Caffe 1.0 只能用零填充，因此此网络无法导出为 Caffe。',
  caffeComposed: '{block}：Caffe 1.0 没有这样的层；它由 {layers} 组成。',
  caffeKernel: '{block}：Caffe 无法表达其填充或膨胀，因此卷积核用零扩展为 {kernel}；输出相同。',
  caffeCut: '{block}：Caffe 将输出大小向上取整，因此由一个复制输入的 Convolution 裁去多余部分；输出相同。',
  caffeFrame: '{block}：各边的填充不同，因此由之前一个复制输入的 Convolution 添加填充；输出相同。',
  caffeNoDropout: '{block}：Caffe 1.0 没有这样的层，因此省略。输出相同；在 Caffe 中继续训练时没有它。',
  caffeGhostGroups:
    '{block}：Caffe 的 BatchNorm 没有每组 {size} 个样本的 ghost 分组。输出相同；在 Caffe 中继续训练时按整个批次归一化。',
  caffeRenorm:
    '{block}：Caffe 的 BatchNorm 没有批重归一化。输出相同；在 Caffe 中继续训练时是普通的 BatchNorm。',
  caffeUpdates: '{block}：Caffe 只在按批次归一化时更新统计量。输出相同；在 Caffe 中继续训练会有所不同。',
  caffeCumulative:
    '{block}：Caffe 没有累积平均。输出相同；在 Caffe 中继续训练时使用其默认的 moving_average_fraction。',
  caffeBiased: '{block}：存储的方差是有偏方差的平均，而 Caffe 会继续使用无偏方差。输出相同。',
  caffeOneBatch:
    '{block}：如果在 Caffe 中继续训练，存储的统计量只算作一个批次，很快会被后续批次盖过。输出相同。',
  caffeLoss: 'Caffe 1.0 没有损失函数 {loss}；train_val.prototxt 中使用 {found}。',
  caffeTooLarge: '权重共有 {bytes} 字节，而 .caffemodel 小于 2 GiB。请改为导出 safetensors。',
  caffeRefused: 'Caffe 无法表达此网络：{reasons}',
  rateFactor: '{block}：学习率系数 {factor} 不在 model.py 中；请使用优化器的参数组。',
};
