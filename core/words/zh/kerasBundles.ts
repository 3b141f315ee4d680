import type { kerasBundles as english } from '../en/kerasBundles.ts';
import type { Translation } from '../english.ts';

export const kerasBundles: Translation<typeof english> = {
  padsBefore: '{block}：Keras 的该层没有这种填充，因此在它之前有一个填充层。',
  cutsAfter: '{block}：Conv2DTranspose 写出完整的输出，再由 Cropping2D 裁剪。',
  spread: '{block}：膨胀卷积核连同数值之间的零一起写出。输出相同；在 Keras 中继续训练时这些零也会改变。',
  ungrouped:
    '{block}：Keras 的 Conv2DTranspose 没有分组，因此 {groups} 个分组写成一个带零的卷积核。输出相同；在 Keras 中继续训练时这些零也会改变。',
  averageOfEach:
    '{block}：Keras 的平均池化在此填充下只能以步幅 1 进行，因此它在每个像素处求均值，再由其后逐像素的 MaxPooling2D 取步幅。输出相同。',
  averagePadding:
    '{block}：Keras 的平均池化不能排除这种填充，因此该网络无法导出到 Keras。请将填充设为 Same 或 Valid，或打开“填充计入”并关闭“向上取整”。',
  renamed: '{block} 在文件中名为 {name}，因为 Keras 把与其 id 相似的名称用于运算。',
  ghostGroups:
    '{block}：Keras 的 BatchNormalization 没有每组 {size} 个样本的 ghost 分组。输出相同；在 Keras 中继续训练时按整个批次归一化。',
  renorm: '{block}：在 Keras 中，批重归一化一开始就使用 r 和 d 的最终上限；其渐变过程不在文件中。',
  switches:
    '{block}：Keras 的 BatchNormalization 只能整体训练或完全不训练，因此其训练开关不在文件中。输出相同。',
  cumulative: '{block}：Keras 没有累积平均；在那里继续训练时使用文件中的 momentum。输出相同。',
  unbiased: '{block}：移动方差是无偏方差的平均，而 Keras 会继续使用有偏方差。输出相同。',
  rateFactor: '{block}：学习率系数 {factor} 不在文件中。',
};
