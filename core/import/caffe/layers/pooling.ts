import type { Params } from '../../../document/schema.ts';
import { message } from '../../../words/message.ts';
import { unsupportedFile } from '../../fileFault.ts';
import { cannot, imageInput, type Convert, type LayerContext } from '../layerContext.ts';
import type { Tensor } from '../network.ts';
import { equalPair, pairOf, type Pair } from './windows.ts';

const KINDS = ['MAX', 'AVE', 'STOCHASTIC'] as const;
const ROUND_MODES = ['CEIL', 'FLOOR'] as const;

/**
 * `Pooling`, by Caffe's pooling_layer.cpp: the output size is rounded up unless `round_mode` is FLOOR, and a mean is
 * divided by the pixels of the window inside the padded image, as with PyTorch's `count_include_pad`.
 */
export const convertPooling: Convert = (context) => {
  const { layer, network } = context;
  const settings = layer.settings.child('pooling_param');
  const kind = settings.choice('pool', KINDS, 'MAX');
  if (kind === 'STOCHASTIC') throw cannot(context, `pool ${kind}`);
  const input = imageInput(context);
  const size = sizeOf(context, input);
  const isGlobal = settings.flag('global_pooling', false);
  const kernel = isGlobal ? size : pairOf(context, settings, 'kernel_size', 0);
  const pad = pairOf(context, settings, 'pad', 0);
  const isWhole = kernel[0] === size[0] && kernel[1] === size[1] && pad[0] === 0 && pad[1] === 0;
  if (kind === 'AVE' && (isGlobal || isWhole)) {
    const { tensor } = network.add(layer, 'globalAvgPool', [input]);
    return { ...tensor, isPixel: true };
  }
  if (kernel[0] !== kernel[1]) throw cannot(context, `kernel ${kernel[0]} × ${kernel[1]}`);
  const stride = isGlobal ? 1 : equalPair(context, settings, 'stride', 1);
  const isCeil = settings.choice('round_mode', ROUND_MODES, 'CEIL') === 'CEIL';
  if (isCeil) for (const axis of [0, 1] as const) checkReach(context, { size, kernel, pad, stride }, axis);
  return network.add(layer, kind === 'AVE' ? 'avgPool' : 'maxPool', [input], {
    kernel: kernel[0],
    stride,
    ...padding(pad, kernel[0]),
    ...(isCeil ? { ceilMode: true } : {}),
    ...(kind === 'AVE' ? { countPadding: true } : {}),
  }).tensor;
};

function sizeOf(context: LayerContext, { shape }: Tensor): Pair {
  const [, height, width] = shape;
  if (height === undefined || width === undefined) throw cannot(context, `a vector of ${shape.join(' × ')}`);
  return [height, width];
}

interface Windows {
  readonly size: Pair;
  readonly kernel: Pair;
  readonly pad: Pair;
  readonly stride: number;
}

/** Without padding Caffe keeps a last window that has no pixel, and its maximum is the smallest float. */
function checkReach({ layer }: LayerContext, { size, kernel, pad, stride }: Windows, axis: 0 | 1): void {
  const isPadded = pad[0] > 0 || pad[1] > 0;
  const last = Math.ceil((size[axis] + 2 * pad[axis] - kernel[axis]) / stride) * stride;
  if (!isPadded && stride > 0 && last >= size[axis])
    throw unsupportedFile(message('caffeFiles.emptyWindow', { layer: layer.name }));
}

/** A block's own padding is at most half the kernel; sides of their own may be larger. */
function padding([y, x]: Pair, kernel: number): Params {
  if (y === 0 && x === 0) return { padding: 'valid' };
  if (y === x && 2 * y <= kernel) return { padding: 'explicit', pad: y };
  return { padding: 'explicit', asymmetric: true, pad: y, padLeft: x, padBottom: y, padRight: x };
}
