import type { NormalizeOver } from '../program/channelInstructions.ts';
import type { TensorId } from '../program/tensor.ts';
import { elementCount, type Shape } from '../program/shape.ts';
import { ONE_INPUT, ONE_OUTPUT } from './defineNode.ts';
import type { LoweringContext, ParameterDeclaration, ShapeProblem } from './definition.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import type { ParamsOf } from './paramSpec.ts';
import { TRAIN_PARAMS, trainingOf } from './trainParams.ts';
import type { Message } from '../words/message.ts';

/** The parameters that LayerNorm, GroupNorm and InstanceNorm share. */
export const AFFINE_PARAMS = {
  gamma: {
    type: 'boolean',
    default: true,
    label: 'Gamma',
    help: 'Multiplies by a trained scale, which begins at 1. Default on, as BatchNorm; InstanceNorm2d of PyTorch has it off (affine=False).',
  },
  beta: {
    type: 'boolean',
    default: true,
    label: 'Beta',
    help: 'Adds a trained shift, which begins at 0. Default on, as BatchNorm; InstanceNorm2d of PyTorch has it off (affine=False).',
  },
  epsilon: {
    type: 'number',
    default: 1e-5,
    min: 0,
    max: 1,
    exclusiveMin: true,
    label: 'Epsilon',
    help: 'Added to the variance before the square root, in units of the input squared. Default 1e-5, as PyTorch; Keras takes 1e-3.',
  },
  ...TRAIN_PARAMS,
} as const;
type AffineParams = ParamsOf<typeof AFFINE_PARAMS>;

/** The common parts of the norms within a sample: no running statistics, and the same computation in every mode. */
export const SAMPLE_NORM = {
  family: 'normalization',
  outputPorts: ONE_OUTPUT,
  inputPorts: () => ONE_INPUT,
  statisticChannels: () => 0,
  /**
   * Each value is summed (1), centred, squared and summed (3), scaled (1), multiplied by gamma and added to beta (2).
   */
  flops: (_params: object, _inputs: readonly Shape[], output: Shape): number => 7 * elementCount(output),
} as const;

/** Gamma and beta with these dims, those that are switched on. */
export function affineParameters(
  params: Pick<AffineParams, 'gamma' | 'beta' | keyof typeof TRAIN_PARAMS>,
  dims: readonly number[],
): readonly ParameterDeclaration[] {
  const { gamma, beta } = params;
  const declare = (field: 'gamma' | 'beta', value: number): ParameterDeclaration => ({
    ...{ field, dims, init: { kind: 'constant', value } },
    ...{ decayed: false, ...trainingOf(params) },
  });
  return [...(gamma ? [declare('gamma', 1)] : []), ...(beta ? [declare('beta', 0)] : [])];
}

/** Emits the normalization over each set of values that `over` defines. */
export function lowerSampleNorm(
  context: LoweringContext,
  { gamma, beta, epsilon }: AffineParams,
  { over, groups }: { readonly over: NormalizeOver; readonly groups: number },
): TensorId {
  const dst = outputTensor(context);
  context.emit({
    op: 'sampleNormForward',
    src: tensorAt(context),
    gamma: gamma ? context.parameter('gamma') : null,
    beta: beta ? context.parameter('beta') : null,
    dst,
    over,
    groups,
    epsilon,
  });
  return dst;
}

/** The problem of sets with a single value: their variance is 0, and their output is beta for any input. */
export function nothingToNormalize(problem: Message, hint: Message): ShapeProblem {
  return { code: 'batch-of-one', port: 'in', problem, hint };
}
