import type { importing as english } from '../en/importing.ts';
import type { Translation } from '../english.ts';

export const importing: Translation<typeof english> = {
  broken: '{file} 已损坏：{what}。请使用另一份副本。',
  notSupported: '无法导入 {file}：{what}。',
  tooLarge: '{file} 有 {found} 字节，超过 {most} 的文件不会读取。',
  notAModel:
    '{file} 不是 NormLab 能读取的模型文件：它读取 PyTorch、safetensors、NumPy npz、Keras、ONNX 和 Caffe 文件，以及自己的导出文件、项目和运行。',
  notAFile: '无法读取 {file}：它是文件夹，或您没有读取权限。请选择一个模型文件。',
  modelNameTaken: '模型文件夹中已有名为 {name} 的模型。请换一个名称，或先将其移除。',
  noModel:
    '{name} 既不是文件或运行，也不是模型文件夹中的模型（其中有 {names}）。请检查名称，或用 `normlab models add` 添加该文件。',
  notInFolder: '模型文件夹中没有模型 {name}；其中有 {names}。',
  noModels: '无',
  notFound: '没有文件 {file}。请检查名称。',
  noArchitecture:
    '{file} 含有 {count} 个张量但没有网络，其名称不属于 NormLab 已知的任何架构。请指明架构，或它们所属的项目。',
  perhapsTensorFlow:
    '{file} 似乎是 timm 从 TensorFlow 转换的 {variant} 的权重：其填充方式和 epsilon 与已设置的不同，而张量名称相同。如果是，请用 `--architecture {variant}` 导入。',
  otherArchitecture:
    '{file} 中不是 {architecture} 的权重：张量的名称和形状不同。请不要指明架构，或使用另一个文件。',
  noProject: '{file} 中的项目无法使用：{why}',
  projectWithoutWeights: '{file} 是没有起始权重的项目。请选择它的一次运行，或由运行导出的文件。',
  notBuilt: '{file} 的网络有错误：{why}',
  nothingFits: '{file} 中没有张量属于此网络的块。请打开该文件所对应的网络，或将该文件作为单独的项目导入。',
  doNotFit:
    '对于此网络的 {slots} 个张量中的 {count} 个，{file} 没有合适的值：{names}。请选择部分加载以初始化它们，或使用此网络所对应的文件。',
  changedWeights: '起始权重 {file} 不是项目所指的那一份：内容已更改。请重新导入模型。',
  weightsGone:
    '起始权重 {file} 既不在项目旁边，也不在 NormLab 的文件夹中。请将其复制到项目旁边，或重新导入 {source}。',
  notFinite: '{file} 的 {tensor} 中有不是数的值（NaN 或无穷）。请使用另一份副本。',
  startsFrom: '从 {source} 开始：{slots} 个张量中的 {matched} 个。',
  headInitialized: '头部 {names} 将被初始化，因为它要区分其他类别。',
  headKept: '保留头部：类别相同。',
  blocksInitialized: '将被初始化，因为 {source} 没有合适的值：{names}。',
  died: '读取模型意外结束；没有更改任何内容。请重试。',
  underWay: '已在读取此模型。',
  shippedStays: '模型 {name} 随 NormLab 提供，不能移除。添加一个同名的模型，即可使用您自己的那一个。',
  noLicence: '{file} 不能用作许可证文本：{why}。请选择一个文本文件。',
  licenceTooLong: '它超过 1 MB',
  modelGone: '模型文件夹中没有模型 {name}；它可能已被移除。',
};
