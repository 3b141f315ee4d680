import type { BlockContext, LayerPlan } from './caffeLayer.ts';
import { constantBlob } from './caffeLayer.ts';
import { evenAxis, extendKernels } from './evenSides.ts';

/** Pixels added around an image `[top, left, bottom, right]`; negative ones are cut off. */
type Frame = readonly [number, number, number, number];

/**
 * Pads an image with zeros, or cuts off its sides, which no layer of Caffe 1.0 does: a convolution of each channel with
 * a kernel that is 1 at one element and 0 elsewhere. The values stay bit for bit.
 */
export function addFrame(
  { add }: Pick<BlockContext, 'add'>,
  source: string,
  channels: number,
  { suffix, frame: [top, left, bottom, right] }: { readonly suffix?: string; readonly frame: Frame },
): string {
  const [y, x] = [evenAxis(1, [top, bottom], 1, false), evenAxis(1, [left, right], 1, false)];
  const kernels = extendKernels(new Float32Array(channels).fill(1), [1, 1], y, x);
  const layer: LayerPlan = {
    type: 'Convolution',
    bottoms: [source],
    settings: {
      convolution_param: {
        ...{ num_output: channels, bias_term: false, group: channels },
        ...{ pad_h: y.pad, pad_w: x.pad, kernel_h: y.kernel, kernel_w: x.kernel },
      },
    },
    blobs: [constantBlob([channels, 1, y.kernel, x.kernel], kernels)],
  };
  return add(suffix === undefined ? layer : { ...layer, suffix });
}
