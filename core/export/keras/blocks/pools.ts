import { adaptiveAvgPool } from '../../../nodes/adaptiveAvgPool.ts';
import { avgPool } from '../../../nodes/avgPool.ts';
import { globalAvgPool } from '../../../nodes/globalAvgPool.ts';
import { maxPool } from '../../../nodes/maxPool.ts';
import { poolWindow, type PoolParams } from '../../../nodes/pooling.ts';
import { imageAt } from '../../../nodes/shapeRules.ts';
import { placeWindow, type PlacedWindow, type Sides } from '../../../nodes/window.ts';
import { message } from '../../../words/message.ts';
import type { Settings } from '../kerasLayer.ts';
import { inputOf, writerOf, type BlockContext, type KerasTensor } from '../layerSink.ts';
import { isSameSides, pair, settingsOf, zeroPadded } from './layers.ts';

/** The lowest float32: it is never the maximum of a window with a pixel of the image. */
const LOWEST = -3.4028234663852886e38;

interface PlacedPool {
  readonly placed: PlacedWindow;
  /** Padding with what a last window overhangs. */
  readonly sides: Sides;
  readonly isPadded: boolean;
  /** True where `padding="same"` of Keras says the same. */
  readonly isSame: boolean;
}

function placePool(params: PoolParams, { block }: BlockContext): PlacedPool {
  const image = imageAt(block.inputShapes);
  const placed = placeWindow(poolWindow(params), image);
  const same = placeWindow({ ...poolWindow(params), padding: 'same' }, image);
  const sides = placed.window.padding;
  return {
    ...{ placed, sides },
    isPadded: sides.some((pixels) => pixels > 0),
    isSame: isSameSides(sides, same.window.padding),
  };
}

function poolSettings({ kernel, stride }: PoolParams, padding: 'same' | null): Settings {
  return settingsOf({ pool_size: kernel, strides: stride === kernel ? null : stride, padding });
}

/** The image with one value around it. */
export function framed(context: BlockContext, [suffix, value]: [string, number], sides: Sides): KerasTensor {
  return padOperation(context, inputOf(context), { suffix, sides, mode: 'constant', value });
}

interface PadOperation {
  readonly suffix: string;
  readonly sides: Sides;
  readonly mode: string;
  readonly value?: number;
}

/** `keras.ops.pad` of the rows and columns of an image. */
export function padOperation(
  context: BlockContext,
  input: KerasTensor,
  { suffix, sides, mode, value }: PadOperation,
): KerasTensor {
  const [top, left, bottom, right] = sides;
  const [channels = 1, height = 1, width = 1] = input.shape;
  const widths = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return context.add(
    suffix,
    'Pad',
    { pad_width: widths, mode },
    {
      inputs: [input],
      shape: [channels, top + height + bottom, left + width + right],
      operation: { module: 'numpy', call: 'pad' },
      callSettings: value === undefined ? {} : { constant_values: value },
    },
  );
}

const max = writerOf(maxPool, (params, context) => {
  const { isPadded, isSame, sides } = placePool(params, context);
  const source = isPadded && !isSame ? framed(context, ['pad', LOWEST], sides) : inputOf(context);
  if (isPadded && !isSame) context.note(message('kerasBundles.padsBefore', { block: context.block.called }));
  return context.add('', 'MaxPooling2D', poolSettings(params, isPadded && isSame ? 'same' : null), {
    inputs: [source],
  });
});

/**
 * True where the windows are among those that `same` padding gives at a stride of 1: they begin as many pixels before
 * the image, and the last one begins as far inside.
 */
function isEachOfSame(params: PoolParams, { block }: BlockContext): boolean {
  const image = imageAt(block.inputShapes);
  const { window, overhang, height, width } = placeWindow(poolWindow(params), image);
  const each = placeWindow({ ...poolWindow(params), padding: 'same', stride: 1 }, image).window;
  const outOf = (size: number): number => Math.ceil(size / params.stride);
  return (
    overhang.every((pixels) => pixels === 0) &&
    window.padding[0] === each.padding[0] &&
    window.padding[1] === each.padding[1] &&
    height === outOf(image.height) &&
    width === outOf(image.width)
  );
}

/** The mean at every pixel, of which a maximum over single pixels takes those that the stride leaves. */
function averageOfEach(params: PoolParams, context: BlockContext): KerasTensor {
  const settings = { ...poolSettings({ ...params, stride: 1 }, 'same'), strides: 1 };
  const each = context.add('each', 'AveragePooling2D', settings, {
    shape: inputOf(context).shape,
  });
  context.note(message('kerasBundles.averageOfEach', { block: context.block.called }));
  const strided = settingsOf({ pool_size: 1, strides: params.stride, padding: null });
  return context.add('', 'MaxPooling2D', strided, { inputs: [each] });
}

/** Keras divides by the pixels of the image with `same` padding; zeros around the image count. */
const average = writerOf(avgPool, (params, context) => {
  const { isPadded, isSame, sides, placed } = placePool(params, context);
  const { called } = context.block;
  const overhangs = placed.overhang.some((pixels) => pixels > 0);
  if (!isPadded) return context.add('', 'AveragePooling2D', poolSettings(params, null));
  if (!params.countPadding && isSame)
    return context.add('', 'AveragePooling2D', poolSettings(params, 'same'));
  if (!params.countPadding && isEachOfSame(params, context)) return averageOfEach(params, context);
  if (!params.countPadding || overhangs)
    context.refuse(message('kerasBundles.averagePadding', { block: called }));
  context.note(message('kerasBundles.padsBefore', { block: called }));
  const source = zeroPadded(context, inputOf(context), sides);
  return context.add('', 'AveragePooling2D', poolSettings(params, null), { inputs: [source] });
});

const adaptive = writerOf(adaptiveAvgPool, ({ height, width }, context) =>
  context.add('', 'AdaptiveAveragePooling2D', { output_size: pair([height, width]) }),
);

const global = writerOf(globalAvgPool, (_params, context) => context.add('', 'GlobalAveragePooling2D'));

export const POOL_WRITERS = [max, average, adaptive, global] as const;
