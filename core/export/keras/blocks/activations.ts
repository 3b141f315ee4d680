import { elu } from '../../../nodes/elu.ts';
import { gelu } from '../../../nodes/gelu.ts';
import { hardSigmoid } from '../../../nodes/hardSigmoid.ts';
import { hardSwish } from '../../../nodes/hardSwish.ts';
import { leakyRelu } from '../../../nodes/leakyRelu.ts';
import { prelu } from '../../../nodes/prelu.ts';
import { relu } from '../../../nodes/relu.ts';
import { relu6 } from '../../../nodes/relu6.ts';
import { sigmoid } from '../../../nodes/sigmoid.ts';
import { silu } from '../../../nodes/silu.ts';
import { softmax } from '../../../nodes/softmax.ts';
import { tanh } from '../../../nodes/tanh.ts';
import type { Settings } from '../kerasLayer.ts';
import { inputOf, orderOf, writerOf, type BlockContext, type KerasTensor } from '../layerSink.ts';
import { reordered } from '../vectorOrder.ts';

/** A layer that works value by value. */
export function pointwise(context: BlockContext, kind: string, settings: Settings = {}): KerasTensor {
  return context.add('', kind, settings, { order: inputOf(context).order });
}

const named = (context: BlockContext, activation: string): KerasTensor =>
  pointwise(context, 'Activation', { activation });

export const ACTIVATION_WRITERS = [
  writerOf(relu, (_params, context) => pointwise(context, 'ReLU')),
  writerOf(relu6, (_params, context) => pointwise(context, 'ReLU', { max_value: 6 })),
  writerOf(leakyRelu, ({ alpha }, context) => pointwise(context, 'LeakyReLU', { negative_slope: alpha })),
  writerOf(elu, ({ alpha }, context) => pointwise(context, 'ELU', { alpha })),
  // No layer has the form with tanh; keras.ops.gelu has.
  writerOf(gelu, ({ form }, context) =>
    form === 'erf'
      ? named(context, 'gelu')
      : context.add(
          '',
          'Gelu',
          { approximate: true },
          {
            order: inputOf(context).order,
            operation: { module: 'nn', call: 'gelu' },
          },
        ),
  ),
  writerOf(silu, (_params, context) => named(context, 'silu')),
  writerOf(hardSwish, (_params, context) => named(context, 'hard_silu')),
  writerOf(sigmoid, (_params, context) => named(context, 'sigmoid')),
  writerOf(hardSigmoid, (_params, context) => named(context, 'hard_sigmoid')),
  writerOf(tanh, (_params, context) => named(context, 'tanh')),
  writerOf(softmax, (_params, context) => pointwise(context, 'Softmax')),
  writerOf(prelu, ({ shared }, context) => {
    const input = inputOf(context);
    const isImage = input.order === null;
    const pixels = isImage ? [1, 2] : [];
    const sharedAxes = shared ? [...pixels, pixels.length + 1] : pixels;
    return context.add('', 'PReLU', sharedAxes.length === 0 ? {} : { shared_axes: sharedAxes }, {
      order: input.order,
      variables: (read) => {
        const slopes = shared ? read('weights') : reordered(read('weights'), orderOf(input));
        return [{ dims: [...pixels.map(() => 1), slopes.data.length], data: slopes.data }];
      },
    });
  }),
] as const;
