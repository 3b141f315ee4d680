import type { Initializer } from '../program/stateLayout.ts';
import type { ParameterDeclaration } from './definition.ts';

const INITIALIZER_OPTIONS = [
  { value: 'heNormal', label: 'He normal' },
  { value: 'xavierUniform', label: 'Xavier uniform' },
  { value: 'lecunNormal', label: 'LeCun normal' },
  { value: 'torchUniform', label: 'PyTorch uniform' },
] as const;
type WeightInitializer = (typeof INITIALIZER_OPTIONS)[number]['value'];

/** The bias and initializer parameters that Conv2D and Dense share. */
export const WEIGHT_PARAMS = {
  bias: {
    type: 'boolean',
    default: true,
    label: 'Bias',
    help: 'Adds one trained number to each output channel. Has no effect right before a BatchNorm that normalizes by the batch. Default on, as PyTorch and Keras.',
  },
  initializer: {
    type: 'choice',
    default: 'heNormal',
    options: INITIALIZER_OPTIONS,
    label: 'Initializer',
    help: 'How the first weights are drawn. He normal: deviation √(2/fan-in), made for ReLU (He et al. 2015). Xavier uniform: bound √(6/(fan-in + fan-out)), Keras’ default. LeCun normal: deviation √(1/fan-in). PyTorch uniform: bound 1/√fan-in, for the bias too. With the first three, biases begin at 0.',
  },
} as const;

/**
 * Kernel and bias of a weighted block. `dims` begin with the output channels; fans count as PyTorch's
 * `_calculate_fan_in_and_fan_out` does.
 */
export function weightParameters(
  params: { readonly bias: boolean; readonly initializer: WeightInitializer },
  dims: readonly [number, ...number[]],
): readonly ParameterDeclaration[] {
  const perOutput = dims.slice(1).reduce((product, dim) => product * dim, 1);
  const receptive = dims.slice(2).reduce((product, dim) => product * dim, 1);
  const init: Initializer = {
    kind: params.initializer,
    fanIn: perOutput,
    fanOut: dims[0] * receptive,
  };
  const weights = { field: 'weights', dims, init, trainable: true, decayed: true } as const;
  if (!params.bias) return [weights];
  const biasInit: Initializer = params.initializer === 'torchUniform' ? init : { kind: 'constant', value: 0 };
  return [weights, { field: 'bias', dims: [dims[0]], init: biasInit, trainable: true, decayed: false }];
}
