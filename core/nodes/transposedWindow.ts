import type { ShapeProblem } from './definition.ts';
import type { Picture as Image } from './shapeRules.ts';
import {
  kernelSpan,
  placeAxes,
  type Axis,
  type AxisPads,
  type PlacedWindow,
  type WindowSettings,
} from './window.ts';
import { message } from '../words/message.ts';

/** The window of a transposed convolution; `outputPadding` applies where `padding` is 'explicit'. */
export interface TransposedSettings extends WindowSettings {
  readonly outputPadding: number;
}

/**
 * Output size of a transposed convolution, the adjoint of the convolution from the output back to the image. 'same':
 * `out = in * stride`, cropped by what `placeWindow` pads for 'same' (tf.nn.conv2d_transpose). 'valid' crops nothing:
 * `out = (in - 1) * stride + span`. 'explicit': `out = (in - 1) * stride + span - pads + outputPadding`, as
 * torch.nn.ConvTranspose2d.
 */
export function placeTransposed(settings: TransposedSettings, image: Image): PlacedWindow {
  return placeAxes(settings, image, (...axis) => placeAxis(settings, ...axis));
}

function placeAxis(settings: TransposedSettings, size: number, kernel: number, pads: AxisPads): Axis {
  const { stride, padding, outputPadding } = settings;
  const span = kernelSpan(kernel, settings.dilation);
  if (padding === 'same') {
    const total = Math.max(span - stride, 0);
    const before = Math.floor(total / 2);
    return { before, after: total - before, out: size * stride };
  }
  const [before, after, more] = padding === 'explicit' ? [...pads, outputPadding] : [0, 0, 0];
  return { before, after, out: (size - 1) * stride + span - before - after + more };
}

/** The problem of an empty output, or of output padding that is not less than the stride, or null. */
export function transposedProblem(settings: TransposedSettings, picture: Image): ShapeProblem | null {
  const { padding, outputPadding, stride } = settings;
  if (padding === 'explicit' && outputPadding >= stride) {
    return {
      code: 'param-range',
      param: 'outputPadding',
      problem: message('blocks.outputPadding', { pixels: outputPadding, stride }),
      hint: message('blocks.outputPaddingHint', { most: stride - 1, stride }),
    };
  }
  const { height, width } = placeTransposed(settings, picture);
  if (height >= 1 && width >= 1) return null;
  const [top, left, bottom, right] = settings.pad;
  return {
    code: 'shape-empty',
    param: 'padding',
    problem: message('blocks.cutsAll', { rows: top + bottom, columns: left + right }),
    hint: message('blocks.cutsAllHint'),
  };
}
