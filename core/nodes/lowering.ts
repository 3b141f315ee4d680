import { must } from '../diagnostics/invariantError.ts';
import type { TensorId } from '../program/tensor.ts';
import type { Shape } from '../program/shape.ts';
import type { LoweringContext } from './definition.ts';

/** The tensor at input port `index`. */
export function tensorAt(context: LoweringContext, index = 0): TensorId {
  return must(context.inputs[index], `input ${index} of ${context.node}`).tensor;
}

/** The shapes at all input ports, in port order. */
export function shapesOf(context: LoweringContext): readonly Shape[] {
  return context.inputs.map((entry) => entry.shape);
}

/** The block's output activation: `[N, ...outputShape]`. */
export function outputTensor(context: LoweringContext): TensorId {
  return context.activation('out', context.outputShape);
}
