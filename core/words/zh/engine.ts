import type { engine as english } from '../en/engine.ts';
import type { Translation } from '../english.ts';

export const engine: Translation<typeof english> = {
  slowBackend: '使用较慢的参考后端训练。{why}',
  mend: '{cause}修复命令：{command}',
  notBuilt: '原生引擎尚未构建。',
  missingNeeds: '原生引擎尚未构建，因为缺少：{needs}。',
  buildFailed: '原生引擎无法构建；构建输出的末尾为：\n{detail}\n',
  missingLibrary: '原生引擎无法加载：缺少库 {library}。',
  loadFailed: '原生引擎无法加载：{detail}。',
  cpuLevel: 'NORMLAB_CPU 为 {wanted}，但此处理器最高为 {machine}（级别：{levels}）。',
  onednn: 'oneDNN（头文件和库）',
  compiler: 'C++ 编译器和 make',
  noBf16: '{backend} 没有 bf16 精度：CPU 必须有 AVX512_BF16 或 AMX。请使用 auto 或 f32。',
  noF64: '原生后端以 f32 或 bf16 计算，不以 f64 计算。',
  noNativeBf16: '此 CPU 不支持原生 bf16 计算；请使用精度 f32 或 auto。',
  batchNotFinite: '一个批次给出非有限的 BatchNorm 统计量；没有存储它们。',
  cannotRun: '原生后端无法运行此网络：{reason}。',
  outOfMemory: '原生后端无法运行此网络：内存不足，无法取得 {mebibytes} MiB 的工作内存；请减小批大小。',
};
