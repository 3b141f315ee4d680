import type { runs as english } from '../en/runs.ts';
import type { Translation } from '../english.ts';

export const runs: Translation<typeof english> = {
  noneIn: '{folder} 中没有运行。',
  none: '没有运行 {run}。',
  noLonger: '运行 {run} 已不存在。',
  hasNoManifest: '{folder} 中没有运行：缺少 {file}；请给出由“train”写入的文件夹。',
  notARun: '{folder} 是{what}，不是运行的文件夹；请给出由“train”写入的文件夹。',
  nothingToResume: '{folder} 中没有可以继续的运行；请给出要训练的项目。',
  noTrainFolder: '请给出训练图像文件夹。',
  removed: '运行文件夹 {folder} 在训练期间被删除或替换，因此无法再保存任何内容；请重新开始该运行。',
  inTraining: '{name} 正在训练：请先停止它，再要求更多轮次。',
  finished: '{name} 已完成：要继续训练，请要求更多轮次或开始新的运行。',
  stillTraining: '{name} 仍在训练：请先停止它，或等待其结束。',
  deleteTraining: '{name} 仍在训练：删除之前请先停止它。',
  takesTheCores: '{name} 正在训练并占用核心：请先暂停或停止它，或等待其结束。',
  statisticsMove: '{name} 仍在训练，其统计量每一步都在变化：请先停止它，或等待其结束。',
  beingMeasured: '正在测量 {name} 的 BatchNorm 统计量：请等待其结束，或先取消。',
  notTraining: '该运行现在没有在训练。',
  notMeasured: '该运行现在没有在重新校准。',
  noTrash: '此系统没有可放该运行的回收站：只能永久删除。',
  lockedByProcess: '{who}正在写入 {folder} 中的运行；请等待其结束或将其停止。如果它已不存在，请删除 {file}。',
  anotherProcess: '另一个进程',
  process: '进程 {pid} ',
  processOn: '计算机“{host}”的进程 {pid} ',
  folderIsFile: '{folder} 是文件；请为运行给出文件夹。',
  otherFilesThere: '{folder} 中已有其他文件（{file}）；请为运行给出新的或空的文件夹。',
  runThere: '{folder} 中已有运行；请用 --resume 继续它，或给出另一个文件夹。',
  stopped: '训练已停止，状态保存在 {folder}；可从那里继续。',
  stoppedBefore: '在训练开始之前停止；要开始训练，请继续 {folder} 中的运行。',
  trainerDied: '训练意外结束；可继续该运行，从最后的检查点接着训练。',
  recalibrationDied: '重新校准意外结束；检查点保持原样，或已完整写入新的统计量：请查看后重试。',
  recalibrationCancelled: '重新校准已取消。',
  measuringStopped: '统计量测量已停止。',
  evaluationStopped: '评估已停止。',
  augmentingDied: '增强训练图像的线程已结束；请继续该运行，或重启 NormLab 后再继续。',
  unusable: '{folder} 中的运行无法使用：{why}',
  manifestUnusable: '{folder} 中的运行无法使用：{why}；请从副本恢复其 run.json，或在另一个文件夹中重新训练。',
  otherImageSize: '其图像为 {images}，而网络需要 {input}',
  otherClassCount: '其中有 {named} 个类别，而网络区分 {known} 个',
  networkNotBuilt: '无法构建其网络。{why}',
  fileUnusable: '{file} 无法使用：{why}；请从副本恢复，或在另一个文件夹中重新训练。',
  fileDamaged: '{file} 已损坏：{why}；请从副本恢复，或在另一个文件夹中重新训练。',
  cannotRead: '无法读取',
  notOurs: '不是 NormLab 写入的内容',
  partNotOurs: '{place} 不是 NormLab 写入的内容（{reason}）',
  itsContent: '其内容',
  notSafetensors: '不是完整的 safetensors 文件',
  notACheckpoint: '不是此版本 NormLab 的检查点',
  countersWrong: '其计数不合理',
  fewerValues: '其中的数值少于 {file} 中的网络',
  tensorDoesNotFit: '{name} 与 {file} 中的网络不符',
  checkpointChanged:
    '{file} 无法使用：{part} 与写入时不同，说明被磁盘或某个程序改动；请从副本恢复，或在另一个文件夹中重新训练。',
  bestChanged:
    '{file} 无法使用：{part} 与写入时不同，说明被磁盘或某个程序改动；请使用最后的检查点（--checkpoint last），或从副本恢复该文件。',
  lastChanged:
    '{file} 无法使用：{part} 与写入时不同，说明被磁盘或某个程序改动；请使用最佳轮次的权重（--checkpoint best），或从副本恢复该文件。',
  itsDescription: '其描述',
  splitDamaged: '{file} 已损坏；该运行的划分已丢失。',
  noSplit: '{folder} 中的运行没有存储划分，因此无法区分其各部分；请使用全部图像，或重新训练以得到划分。',
  noneInTrainPart: '“{root}”中的图像都不在该运行的训练部分；请选择其训练所用的文件夹，或另一部分（--part）。',
  noneInValidationPart:
    '“{root}”中的图像都不在该运行的验证部分；请选择其训练所用的文件夹，或另一部分（--part）。',
  hasNoValidation:
    '{folder} 中的运行没有验证图像；请选择其训练部分（--part train）或另一个文件夹（--data）。',
  noAverages: '{folder} 中的运行没有平均权重；请使用原始权重，或在训练时启用平均（--ema）。',
  noBest:
    '{folder} 中的运行没有最佳轮次的权重：尚未验证过任何一轮、没有验证图像，或来自旧版本；请使用最后的检查点（--checkpoint last）。',
  noWeightsYet: '{folder} 中的运行正在训练，还没有检查点。第一个检查点预计在{due}写入；请到时再试。',
  dueIn: '约 {seconds} 秒后',
  dueAfterStart: '训练开始约 {seconds} 秒后',
  noWeights: '{folder} 中的运行还没有权重：它在第一个检查点之前结束；请先继续它。',
  averagesUnmeasured:
    '{folder} 中运行的平均权重没有自己的 BatchNorm 统计量，因为它在结束前被停止，而现在无法测量：{why}请将该运行训练到结束，或使用其原始权重（--weights raw）。',
  checkpointGone:
    '{folder} 中的运行已完成，但其检查点已丢失，因此无法继续训练；请从副本恢复，或在另一个文件夹中开始新的运行。',
  statisticsNotFinite: '网络对这些图像给出非有限数值，因此没有可取的统计量；请以更小的学习率重新训练。',
  noBatchNorm: '网络没有 BatchNorm 块，因此没有可重新校准的统计量。',
  onlyFrozen:
    '唯一的 BatchNorm 块已冻结（“{name}”，{id}）：其存储的值是网络所学内容的一部分，没有可测量的内容；请让某个块按批次归一化或更新其统计量，然后重新训练。',
  allFrozen:
    '全部 {blocks} 个 BatchNorm 块都已冻结（“{name}”，{id}）：其存储的值是网络所学内容的一部分，没有可测量的内容；请让某个块按批次归一化或更新其统计量，然后重新训练。',
  trainedMore:
    '{folder} 中的运行已训练 {epochs} 轮，而 {wanted} 更少；请要求 {epochs} 轮或更多，或在另一个文件夹中开始新的运行。',
  begunForMore:
    '{folder} 中的运行开始时为 {epochs} 轮，而 {wanted} 更少；请要求 {epochs} 轮或更多，或在另一个文件夹中开始新的运行。',
  otherCompute:
    '{folder} 中的运行开始时为 {begun}，现在是 {given}：此后的数值会不同；请按开始时的方式继续，或在另一个文件夹中开始新的运行。',
  threads: '{threads} 个线程',
  precision: '精度 {precision}',
  otherTable:
    '{folder} 中的运行开始时使用另一个标签表（{begun}，现在是 {given}）；请用那一个继续，或在另一个文件夹中开始新的运行。',
  otherSplit:
    '{folder} 中的运行开始时使用另一个划分（{begun}，现在是 {given}）；请用那一个继续，或在另一个文件夹中开始新的运行。',
  nothing: '无',
  otherSettings:
    '{folder} 中的运行开始时使用其他设置（{place}：{begun}，现在是 {given}）；请用那些设置继续，或在另一个文件夹中开始新的运行。',
  absent: '缺失',
  present: '存在',
  otherImages:
    '{folders} 中的图像不是 {run} 中的运行开始时的图像：{change}；请将文件夹恢复原样，或在另一个文件夹中开始新的运行。',
  oneOrOther: '“{first}”或“{second}”',
  namesDiffer: '名称或大小不同',
  classesDiffer: '类别原为 {before}，现为 {now}',
  contentDiffers: '{fresh} 张为新的或改动过，{gone} 张消失或改动过',
  contentDiffersAt: '{fresh} 张为新的或改动过（{names}），{gone} 张消失或改动过',
  fewerReadable:
    '{run} 中运行的图像，开始时可读取 {before} 张，现在 {now} 张；请将它们恢复原样，或在另一个文件夹中开始新的运行。',
  fewerReadableNames:
    '{run} 中运行的图像，开始时可读取 {before} 张，现在 {now} 张；无法读取：{names}；请将它们恢复原样，或在另一个文件夹中开始新的运行。',
  fileAndReason: '{file}：{reason}',
  oneClassReadable: '“{root}”中只有一个类别的训练图像可以读取；请检查文件夹。',
  oneClassReadableBecause: '“{root}”中只有一个类别的训练图像可以读取（{file}：{reason}）；请检查文件夹。',
  classUnreadable: '“{name}”的 {images} 张训练图像都无法读取：网络不会见到这个类别。',
  nativeGone:
    '该运行开始时使用原生后端，而这里无法加载它，因此无法以相同的数值继续；请构建原生后端（npm run setup），或开始新的运行。',
  otherEngine: '该运行开始时使用 {before}，现在以 {now} 继续：其数值与未中断的运行可能在最后几位不同。',
  goesOn: '运行从 {from} 轮延长到 {to} 轮，从第 {step} / {steps} 步继续。',
  scheduleStays: '其{schedule}学习率调度与轮数无关，保持不变。',
  scheduleStretched: '其{schedule}学习率调度延展到全部 {steps} 步：下一步的学习率为 {next}。',
  scheduleStretchedFrom:
    '其{schedule}学习率调度延展到全部 {steps} 步：上一步的学习率为 {last}，下一步为 {next}。',
  constant: '恒定',
  step: '阶梯',
  cosine: '余弦',
  oneCycle: '单周期',
};
