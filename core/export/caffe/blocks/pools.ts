import { adaptiveAvgPool } from '../../../nodes/adaptiveAvgPool.ts';
import { avgPool } from '../../../nodes/avgPool.ts';
import { globalAvgPool } from '../../../nodes/globalAvgPool.ts';
import { maxPool } from '../../../nodes/maxPool.ts';
import { poolWindow, type PoolParams } from '../../../nodes/pooling.ts';
import { imageAt } from '../../../nodes/shapeRules.ts';
import { placeWindow, type Sides } from '../../../nodes/window.ts';
import { sameShape } from '../../../program/shape.ts';
import { message } from '../../../words/message.ts';
import { caffeWriter, NoLayer, type BlockContext } from '../caffeLayer.ts';
import { addFrame } from '../identity.ts';

type Pair = readonly [number, number];

interface Pooling {
  readonly kind: 'MAX' | 'AVE';
  readonly kernel: number;
  readonly stride: number;
  readonly pad: Pair;
}

/** Output size of Caffe's pooling along both axes (pooling_layer.cpp): rounded up, and clipped where it is padded. */
function caffeSizes(size: Pair, { kernel, stride, pad }: Pooling): Pair {
  const isPadded = pad[0] > 0 || pad[1] > 0;
  const along = (at: 0 | 1): number => {
    const count = Math.ceil((size[at] + 2 * pad[at] - kernel) / stride) + 1;
    return isPadded && (count - 1) * stride >= size[at] + pad[at] ? count - 1 : count;
  };
  return [along(0), along(1)];
}

interface Pooled {
  readonly source: string;
  readonly channels: number;
  readonly size: Pair;
  /** The output size of the block. */
  readonly out: Pair;
}

/**
 * A Pooling of this output size. Caffe rounds up: without padding, the rows and columns that no window needs are cut
 * off before; with padding, the windows too many are cut off behind.
 */
function addPooling(
  context: BlockContext,
  { source, channels, size, out }: Pooled,
  pooling: Pooling,
  suffix?: string,
): string {
  const { block, add, note } = context;
  const { kind, kernel, stride, pad } = pooling;
  const layer = (bottom: string, name: string | undefined): string =>
    add({
      ...(name === undefined ? {} : { suffix: name }),
      ...{ type: 'Pooling', bottoms: [bottom] },
      settings: {
        pooling_param: { pool: kind, kernel_size: kernel, stride, pad_h: pad[0], pad_w: pad[1] },
      },
    });
  const cutting = (): void => {
    note(message('bundles.caffeCut', { block: block.called }));
  };
  const isPadded = pad[0] > 0 || pad[1] > 0;
  const unused = ([0, 1] as const).map((at) => Math.max(0, size[at] - (out[at] - 1) * stride - kernel));
  const [rows = 0, columns = 0] = unused;
  if (!isPadded && (rows > 0 || columns > 0)) {
    cutting();
    const cut = addFrame(context, source, channels, { suffix: 'cut', frame: [0, 0, -rows, -columns] });
    return layer(cut, suffix);
  }
  const [height, width] = caffeSizes(size, pooling);
  const more = [height - out[0], width - out[1]] as const;
  if (more[0] < 0 || more[1] < 0) throw new NoLayer(message('bundles.caffePadding', { block: block.called }));
  if (more[0] === 0 && more[1] === 0) return layer(source, suffix);
  cutting();
  const whole = layer(source, 'whole');
  const frame = [0, 0, -more[0], -more[1]] as const;
  return addFrame(context, whole, channels, { ...(suffix === undefined ? {} : { suffix }), frame });
}

interface PlacedPool extends Pooled {
  /** Padding without what a last window overhangs. */
  readonly sides: Sides;
}

function place(params: PoolParams, { block, inputs: [source = ''] }: BlockContext): PlacedPool {
  const image = imageAt(block.inputShapes);
  const { window, overhang, height, width } = placeWindow(poolWindow(params), image);
  const [top, left, bottom, right] = window.padding;
  return {
    ...{ source, channels: image.channels, size: [image.height, image.width], out: [height, width] },
    sides: [top, left, bottom - overhang[0], right - overhang[1]],
  };
}

/** Padding never is the maximum, so only the first window's place matters. */
const max = caffeWriter(maxPool, (params, context) => {
  const pooled = place(params, context);
  const { kernel, stride } = params;
  const pad = [pooled.sides[0], pooled.sides[1]] as const;
  return addPooling(context, pooled, { kind: 'MAX', kernel, stride, pad });
});

/** A mean of Caffe counts the padding, but not what a last window overhangs. */
const average = caffeWriter(avgPool, (params, context) => {
  const pooled = place(params, context);
  const { kernel, stride, countPadding } = params;
  const [top, left, bottom, right] = pooled.sides;
  const plain = { kind: 'AVE', kernel, stride } as const;
  if (top === 0 && left === 0 && (!countPadding || (bottom === 0 && right === 0)))
    return addPooling(context, pooled, { ...plain, pad: [0, 0] });
  if (!countPadding) throw new NoLayer(message('bundles.caffeMean', { block: context.block.called }));
  const pad = [top, left] as const;
  const isEven = top === bottom && left === right && pad.every((each) => each < kernel);
  if (isEven) return addPooling(context, pooled, { ...plain, pad });
  context.note(message('bundles.caffeFrame', { block: context.block.called }));
  const framed = { suffix: 'pad', frame: [top, left, bottom, right] } as const;
  const source = addFrame(context, pooled.source, pooled.channels, framed);
  const size = [pooled.size[0] + top + bottom, pooled.size[1] + left + right] as const;
  return addPooling(context, { ...pooled, source, size }, { ...plain, pad: [0, 0] });
});

function addGlobal({ add }: BlockContext, suffix?: string): string {
  const settings = { pooling_param: { pool: 'AVE', global_pooling: true } };
  return add({ ...(suffix === undefined ? {} : { suffix }), type: 'Pooling', settings });
}

/** The mean is an image of one pixel in Caffe, and a vector here. */
const global = caffeWriter(globalAvgPool, (_params, context) =>
  context.add({ suffix: 'vector', type: 'Flatten', bottoms: [addGlobal(context)] }),
);

const adaptive = caffeWriter(adaptiveAvgPool, (_params, context) => {
  const { block, inputs } = context;
  const [source = ''] = inputs;
  const { channels, height, width } = imageAt(block.inputShapes);
  const [, rows = 1, columns = 1] = block.shape;
  if (sameShape([channels, height, width], block.shape)) return source;
  if (rows === 1 && columns === 1) return addGlobal(context);
  const [kernel, kernelX] = [height / rows, width / columns];
  if (!Number.isInteger(kernel) || kernel !== kernelX)
    throw new NoLayer(message('bundles.caffeAdaptive', { block: block.called }));
  const pooled = { source, channels, size: [height, width], out: [rows, columns] } as const;
  return addPooling(context, pooled, { kind: 'AVE', kernel, stride: kernel, pad: [0, 0] });
});

export const CAFFE_POOLS = [max, average, global, adaptive] as const;
