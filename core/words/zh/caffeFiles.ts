import type { caffeFiles as english } from '../en/caffeFiles.ts';
import type { Translation } from '../english.ts';

export const caffeFiles: Translation<typeof english> = {
  // The two files.
  noWeightsBeside: '{file} 描述了网络但没有权重，且所在文件夹中没有 .caffemodel 文件。请将权重放入该文件夹。',
  severalWeights:
    '{file} 所在文件夹中有 {count} 个权重文件：{names}。请将属于它的文件改为相同的名称，扩展名为 .caffemodel。',
  severalTexts:
    '{file} 所在文件夹中有 {count} 个网络描述文件：{names}。请将属于它的文件改为相同的名称，扩展名为 .prototxt。',
  noTextBeside:
    '{file} 有权重但没有网络描述，且所在文件夹中没有 .prototxt 文件。请将其 deploy.prototxt 放入该文件夹。',
  notOpened: '无法打开 {file} 旁的文件 {name}。请检查它是否为您有权读取的文件。',
  // Broken files.
  notProtobuf: '它不是 Caffe 的 .caffemodel 文件，或者过早结束',
  notText: '其中有一段文本不是有效的 UTF-8',
  unexpected: '第 {line} 行有意外的 {found}',
  endsEarly: '它在第 {line} 行的消息内部结束',
  nesting: '其消息嵌套超过 {most} 层',
  longText: '超过 {most} 字节的文本不是网络描述',
  tooLarge: '其设置超过 {most} 项',
  manyLayers: '其网络超过 {most} 层',
  manyChannels: '层 {layer} 的通道数超过 {most}',
  manyDims: '某个 blob 的维数超过 {most}',
  longName: '其中有一个名称超过 {most} 个字符',
  noLayers: '它没有描述网络：其中没有层',
  noType: '层 {layer} 没有类型',
  setting: '层 {layer} 的设置 {setting} 为 {found}',
  sameNames: '有多个带权重的层名为 {layer}',
  noSource: '层 {layer} 读取 {value}，而之前没有层写入它',
  twoSources: '层 {layer} 写入 {value}，而之前已有层写入它',
  inputCount: '层 {layer} 有 {found} 个输入，与其类型所需的数量不符',
  wrongCount: '权重 {name} 为 {dims}，而实际有 {found} 个值',
  blobDims: '权重 {name} 为 {found}，而网络需要 {wanted}',
  statistics: '层 {layer} 有 {found} 个 blob；BatchNorm 应有均值、方差及其权重',
  // What cannot be expressed.
  layerUnknown: '层 {layer} 为 {kind}，NormLab 没有相应的块',
  layersUnknown: '层 {layer} 为 {kind}，NormLab 没有相应的块；另有 {more} 个层也没有相应的块',
  settingUnsupported: '层 {layer} 为 {kind}，其设置为 {setting}，NormLab 没有相应的块',
  misfit: '层 {layer}（{kind}）不符合任何块的要求（{problem}）',
  emptyWindow: '层 {layer} 的最后一个窗口中没有图像的像素',
  inputs: '其输出依赖于 {count} 个输入；网络只有一个输入，即图像',
  inputShape: '其输入 {layer} 为 {dims}；图像应有 1 或 3 个通道，以及高和宽',
  noInputSize: '它未说明图像的尺寸；请使用包含该尺寸的描述文件，通常为 deploy.prototxt',
  noOutput: '其中没有给出输出的层',
  imageOutput: '其输出（层 {layer}）为 {dims} 的图像；分类网络应给出向量',
  // What the user should know.
  twoFiles: '网络取自 {text}，权重取自 {weights}。',
  oneOutput: '网络有多个输出；采用了 {name}，略去了另外 {count} 个。',
  readoutDropped: '略去了最后一层 {layer}（{kind}）：Output 块给出 logits，由损失函数自行应用该函数。',
  globalStatistics:
    '{count} 个 BatchNorm 层设置了 use_global_stats: true。其块在训练时也使用运行统计量；如需更改，请选择其他 BatchNorm 策略。',
  mirrored: '训练时随机镜像了图像（mirror: true）；如需相同效果，请在数据增强中加入水平翻转。',
  prepares:
    '文件说明了图像的预处理方式：以字节为单位，均值 {mean}，标准差 {deviation}；有三个通道时，顺序为蓝、绿、红。',
  usualPreparation:
    '文件未说明图像的预处理方式。建议采用大多数 Caffe 网络的方式：通道顺序为蓝、绿、红，以字节为单位，均值 {mean}，标准差 1。',
  noPreparation: '文件未说明图像的预处理方式：请选择训练模型时所用的归一化。',
  meanFile: '均值取自 {name}，并对其像素取平均。',
  noMeanFile: '均值图像 {name} 不在文件夹中。',
};
