import type { work as english } from '../en/work.ts';
import type { Translation } from '../english.ts';

export const work: Translation<typeof english> = {
  starting: '正在启动训练器',
  scanning: '正在扫描图像',
  decoding: '正在解码图像',
  decodingValidation: '正在解码验证图像',
  classifying: '正在对图像分类',
  batches: '正在按批次分类',
  evaluating: '正在评估',
  covering: '正在遮挡图片的各个部分',
  figures: '正在计算指标',
  measuring: '正在测量统计量',
  measuringPass: '正在测量统计量（第 {pass} / {passes} 遍）',
  reading: '正在读取检查点',
  writing: '正在写入文件',
  computing: '正在计算运行的输出',
  readingBack: '正在读回已写入的内容',
  comparing: '正在与读回的内容比较',
  comparingFloat64: '正在以 float64 比较',
};
