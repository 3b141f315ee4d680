import { adaptiveAvgPool } from '../../../nodes/adaptiveAvgPool.ts';
import { avgPool } from '../../../nodes/avgPool.ts';
import { globalAvgPool } from '../../../nodes/globalAvgPool.ts';
import { maxPool } from '../../../nodes/maxPool.ts';
import { poolWindow, type PoolParams } from '../../../nodes/pooling.ts';
import { imageAt } from '../../../nodes/shapeRules.ts';
import { placeWindow, type PlacedWindow, type Sides } from '../../../nodes/window.ts';
import { message } from '../../../words/message.ts';
import type { ShapedNode } from '../../../graph/shapedGraph.ts';
import { callOf, pairOf, tupleOf, unless } from '../python.ts';
import { writerOf, type WrittenBlock } from '../writtenBlock.ts';
import { isEven, padCall, padOrder } from './sides.ts';

interface PlacedPool {
  /** Padding without what a last window of `ceil_mode` overhangs. */
  readonly sides: Sides;
  readonly placed: PlacedWindow;
  /** True where the `padding` of PyTorch's pools says the same: equal sides, at most half the kernel. */
  readonly fitsTorch: boolean;
}

function placePool(params: PoolParams, { inputShapes }: ShapedNode): PlacedPool {
  const placed = placeWindow(poolWindow(params), imageAt(inputShapes));
  const [top, left, bottom, right] = placed.window.padding;
  const [y, x] = placed.overhang;
  const sides = [top, left, bottom - y, right - x] as const;
  const fitsTorch = isEven(sides) && 2 * Math.max(...sides) <= params.kernel;
  return { sides, placed, fitsTorch };
}

/** `ceil_mode` only where a last window overhangs; PyTorch's rule for it is the lab's. */
function ceilMode({ overhang }: PlacedWindow): string | null {
  return overhang[0] > 0 || overhang[1] > 0 ? 'ceil_mode=True' : null;
}

function windowArguments({ kernel, stride }: PoolParams): readonly (string | null)[] {
  return [String(kernel), unless(String(kernel), 'stride', String(stride))];
}

const max = writerOf(maxPool, (params, block): WrittenBlock => {
  const { sides, placed, fitsTorch } = placePool(params, block);
  if (!fitsTorch)
    return {
      module: callOf('nn.MaxPool2d', ...windowArguments(params)),
      call: ([x = ''], self) => `${self}(${padCall(x, placed.window.padding, 'float("-inf")')})`,
      notes: [message('bundles.padsBefore', { block: block.called })],
    };
  const padding = unless('0', 'padding', pairOf([sides[0], sides[1]]));
  return { module: callOf('nn.MaxPool2d', ...windowArguments(params), padding, ceilMode(placed)) };
});

const average = writerOf(avgPool, (params, block): WrittenBlock => {
  const { sides, placed, fitsTorch } = placePool(params, block);
  if (!fitsTorch)
    return {
      module: callOf(
        'UnevenAvgPool2d',
        ...[String(params.kernel), String(params.stride), padOrder(sides)],
        unless('(0, 0)', 'beyond', tupleOf([placed.overhang[1], placed.overhang[0]])),
        params.countPadding ? 'count_include_pad=True' : null,
      ),
      helper: 'UnevenAvgPool2d',
      notes: [message('bundles.ownClass', { block: block.called, class: 'UnevenAvgPool2d' })],
    };
  const padding = unless('0', 'padding', pairOf([sides[0], sides[1]]));
  const counts = padding === null || params.countPadding ? null : 'count_include_pad=False';
  return { module: callOf('nn.AvgPool2d', ...windowArguments(params), padding, ceilMode(placed), counts) };
});

const adaptive = writerOf(adaptiveAvgPool, ({ height, width }) => ({
  module: callOf('nn.AdaptiveAvgPool2d', pairOf([height, width])),
}));

const global = writerOf(globalAvgPool, () => ({
  module: 'nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())',
}));

export const POOL_WRITERS = [max, average, adaptive, global] as const;
