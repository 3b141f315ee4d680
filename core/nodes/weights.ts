import type { Initializer } from '../program/stateLayout.ts';
import type { ParameterDeclaration } from './definition.ts';
import { INITIALIZER_PARAMS, kernelInitializer, type InitializerParams } from './initializerParams.ts';
import type { ParamsOf } from './paramSpec.ts';
import { TRAIN_PARAMS, trainingOf } from './trainParams.ts';

/** The bias, initializer and training parameters that Conv2D, ConvTranspose2D and Dense share. */
export const WEIGHT_PARAMS = {
  bias: {
    type: 'boolean',
    default: true,
    label: 'Bias',
    help: 'Adds one trained number to each output channel. Has no effect right before a BatchNorm that normalizes by the batch. Default on, as PyTorch and Keras.',
  },
  ...INITIALIZER_PARAMS,
  ...TRAIN_PARAMS,
} as const;

/**
 * Kernel and bias of a weighted block. `dims` begin with the output channels, or in a transposed convolution with the
 * input channels; `outputs` are then the output channels. Fans are those of PyTorch's `_calculate_fan_in_and_fan_out`,
 * also for transposed kernels.
 */
export function weightParameters(
  params: { readonly bias: boolean } & InitializerParams & ParamsOf<typeof TRAIN_PARAMS>,
  dims: readonly [number, ...number[]],
  outputs = dims[0],
): readonly ParameterDeclaration[] {
  const perOutput = dims.slice(1).reduce((product, dim) => product * dim, 1);
  const receptive = dims.slice(2).reduce((product, dim) => product * dim, 1);
  const init = kernelInitializer(params, {
    ...{ fanIn: perOutput, fanOut: dims[0] * receptive },
    ...{ rows: dims[0], columns: perOutput },
  });
  const training = trainingOf(params);
  const weights = { field: 'weights', dims, init, decayed: true, ...training } as const;
  if (!params.bias) return [weights];
  const biasInit: Initializer = params.initializer === 'torchUniform' ? init : { kind: 'constant', value: 0 };
  return [weights, { field: 'bias', dims: [outputs], init: biasInit, decayed: false, ...training }];
}
