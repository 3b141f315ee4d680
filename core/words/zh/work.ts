import type { work as english } from '../en/work.ts';
import type { Translation } from '../english.ts';

export const work: Translation<typeof english> = {
  starting: '正在启动训练器',
  scanning: '正在扫描图像',
  decoding: '正在解码图像',
  decodingValidation: '正在解码验证图像',
  evaluating: '正在评估',
  measuring: '正在测量统计量',
  measuringPass: '正在测量统计量（第 {pass} / {passes} 遍）',
  reading: '正在读取检查点',
  writing: '正在写入文件',
  comparing: '正在与读回的文件比较',
  comparingFloat64: '正在以 float64 比较',
};
