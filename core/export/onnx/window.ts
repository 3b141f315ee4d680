import type { Window } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';
import { ints, type Attributes } from './graphBuilder.ts';
import type { OpContext } from './opContext.ts';

export function windowAttributes({ kernel, stride, padding }: Window): Attributes {
  return { kernel_shape: ints(...kernel), strides: ints(...stride), pads: ints(...padding) };
}

/** Names of the constants of a kernel and its bias, if it has one. */
export function weightsOf(weights: TensorId, bias: TensorId | null, context: OpContext): string[] {
  const kernel = context.stateConstant(weights);
  return bias === null ? [kernel] : [kernel, context.stateConstant(bias)];
}
