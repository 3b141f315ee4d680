import type { Instruction, Op } from '../../program/instruction.ts';
import { adaptiveAveragePoolBackward, adaptiveAveragePoolForward } from './adaptivePool.ts';
import { activationBackward, activationForward } from './activation.ts';
import { batchNormBackward, batchNormForward, updateStatistics } from './batchNorm.ts';
import * as transposed from './convTranspose.ts';
import { convBackwardData, convBackwardWeights, convForward } from './convolution.ts';
import { lossBackward, lossForward, seedLogit } from './loss.ts';
import { denseBackwardData, denseBackwardWeights, denseForward } from './dense.ts';
import { dropout } from './dropout.ts';
import { ghostNormBackward, ghostNormForward } from './ghostNorm.ts';
import { channelDropout } from './channelDropout.ts';
import type { Kernel, KernelContext, Run } from './kernel.ts';
import { multiplyBackward, multiplyForward } from './multiply.ts';
import { normalizeInput } from './normalizeInput.ts';
import { padBackward, padForward } from './pad.ts';
import * as pooling from './pooling.ts';
import { resampleBackward, resampleForward } from './resample.ts';
import { preluBackward, preluForward } from './prelu.ts';
import { sampleDropout } from './sampleDropout.ts';
import { sampleNormBackward, sampleNormForward } from './sampleNorm.ts';
import { concatBackward, concatForward, reshape, sum, zero } from './shape.ts';
import { softmaxBackward, softmaxForward } from './softmax.ts';

/** One kernel per instruction; the code does not compile while an instruction is missing here. */
const KERNELS: { readonly [O in Op]: Kernel<O> } = {
  normalizeInput,
  convForward,
  convBackwardData,
  convBackwardWeights,
  denseForward,
  denseBackwardData,
  denseBackwardWeights,
  batchNormForward,
  batchNormBackward,
  ghostNormForward,
  ghostNormBackward,
  updateStatistics,
  activationForward,
  activationBackward,
  maxPoolForward: pooling.maxPoolForward,
  maxPoolBackward: pooling.maxPoolBackward,
  averagePoolForward: pooling.averagePoolForward,
  averagePoolBackward: pooling.averagePoolBackward,
  globalAveragePoolForward: pooling.globalAveragePoolForward,
  globalAveragePoolBackward: pooling.globalAveragePoolBackward,
  reshape,
  dropout,
  sum,
  concatForward,
  concatBackward,
  lossForward,
  lossBackward,
  seedLogit,
  zero,
  convTransposeForward: transposed.convTransposeForward,
  convTransposeBackwardData: transposed.convTransposeBackwardData,
  convTransposeBackwardWeights: transposed.convTransposeBackwardWeights,
  resampleForward,
  resampleBackward,
  padForward,
  padBackward,
  adaptiveAveragePoolForward,
  adaptiveAveragePoolBackward,
  multiplyForward,
  multiplyBackward,
  sampleNormForward,
  sampleNormBackward,
  preluForward,
  preluBackward,
  softmaxForward,
  softmaxBackward,
  channelDropout,
  sampleDropout,
};

/**
 * Prepares `instruction`. The table maps each op to a kernel of that op, which TypeScript cannot infer through a union.
 */
export function prepareKernel(instruction: Instruction, context: KernelContext): Run {
  const kernel = KERNELS[instruction.op] as (instruction: Instruction, context: KernelContext) => Run;
  return kernel(instruction, context);
}
