import type { Activation } from '../program/instruction.ts';
import { elementCount } from '../program/shape.ts';
import { STATELESS } from './defineNode.ts';
import type { LoweringContext } from './definition.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { inputAt, shapeOk } from './shapeRules.ts';
import type { ShapeResult } from './definition.ts';
import type { Shape } from '../program/shape.ts';
import type { TensorId } from '../program/tensor.ts';

/** The common parts of all activation functions: the output has the shape of the input. */
export const ELEMENTWISE = {
  ...STATELESS,
  family: 'activation',
  inferShape: (_params: object, inputs: readonly Shape[]): ShapeResult => shapeOk(inputAt(inputs)),
  flops: (_params: object, _inputs: readonly Shape[], output: Shape): number => elementCount(output),
} as const;

/** Emits `fn`; `alpha` is 0 for functions without it. */
export function lowerActivation(context: LoweringContext, fn: Activation, alpha = 0): TensorId {
  const dst = outputTensor(context);
  context.emit({ op: 'activationForward', fn, alpha, src: tensorAt(context), dst });
  return dst;
}
