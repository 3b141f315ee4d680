import type { Window } from '../program/instruction.ts';
import type { TensorId } from '../program/tensor.ts';
import { defineNode } from './defineNode.ts';
import type { LoweringContext } from './definition.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import { POOL_PARAMS, POOLING, poolWindow } from './pooling.ts';
import { imageAt } from './shapeRules.ts';
import { placeWindow, type PlacedWindow } from './window.ts';

const PARAMS = {
  ...POOL_PARAMS,
  countPadding: {
    type: 'boolean',
    default: false,
    label: 'Count padding',
    help: 'Divides by all pixels of the window, padding counted as zeros (PyTorch’s count_include_pad=True, its default); off divides by those inside the image, as Keras and ONNX. Default off.',
  },
} as const;

/** Mean of each window: `[C, H, W]` to `[C, H', W']`. */
export const avgPool = defineNode<typeof PARAMS>({
  ...POOLING,
  kind: 'avgPool',
  title: 'AvgPool',
  help: 'Takes the mean of each window, channel by channel. Padding does not count unless Count padding is on.',
  params: PARAMS,
  lower(params, context) {
    const placed = placeWindow(poolWindow(params), imageAt(shapesOf(context)));
    const { src, window, countPadding } = params.countPadding
      ? countingPadding(placed, context)
      : { src: tensorAt(context), window: placed.window, countPadding: false };
    const dst = outputTensor(context);
    context.emit({ op: 'averagePoolForward', src, dst, ...window, countPadding });
    return dst;
  },
});

interface Pooled {
  readonly src: TensorId;
  readonly window: Window;
  readonly countPadding: boolean;
}

/**
 * The mean whose divisor counts the padding. PyTorch never counts what a last window of `ceilMode` overhangs, so with
 * an overhang the padding becomes part of the source, and the overhang the padding that does not count.
 */
function countingPadding({ window, overhang }: PlacedWindow, context: LoweringContext): Pooled {
  const src = tensorAt(context);
  const [y, x] = overhang;
  if (y === 0 && x === 0) return { src, window, countPadding: true };
  const [top, left, bottom, right] = window.padding;
  const padding = [top, left, bottom - y, right - x] as const;
  if (padding.every((pixels) => pixels === 0)) return { src, window, countPadding: false };
  const { channels, height, width } = imageAt(shapesOf(context));
  const shape = [channels, top + height + padding[2], left + width + padding[3]];
  const dst = context.activation('padded', shape);
  context.emit({ op: 'padForward', src, dst, padding, border: 'constant', value: 0 });
  return { src: dst, window: { ...window, padding: [0, 0, y, x] }, countPadding: false };
}
