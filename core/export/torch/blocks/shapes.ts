import { add } from '../../../nodes/add.ts';
import { concat } from '../../../nodes/concat.ts';
import { dropout } from '../../../nodes/dropout.ts';
import { flatten } from '../../../nodes/flatten.ts';
import { input } from '../../../nodes/input.ts';
import { multiply } from '../../../nodes/multiply.ts';
import { output } from '../../../nodes/output.ts';
import { pad } from '../../../nodes/pad.ts';
import { reshape } from '../../../nodes/reshape.ts';
import { spatialDropout } from '../../../nodes/spatialDropout.ts';
import { stochasticDepth } from '../../../nodes/stochasticDepth.ts';
import { upsample } from '../../../nodes/upsample.ts';
import { message } from '../../../words/message.ts';
import { callOf, pythonNumber } from '../python.ts';
import { writerOf } from '../writtenBlock.ts';
import { padOrder } from './sides.ts';

const PADS = { fill: 'nn.ConstantPad2d', reflect: 'nn.ReflectionPad2d', replicate: 'nn.ReplicationPad2d' };

/** Merges, changes of shape, and what does nothing in evaluation. */
export const SHAPE_WRITERS = [
  writerOf(input, () => ({ call: () => 'images' })),
  writerOf(output, () => ({ call: ([x = '']) => x })),
  writerOf(add, () => ({ call: (inputs) => inputs.join(' + ') })),
  writerOf(concat, () => ({ call: (inputs) => `torch.cat((${inputs.join(', ')}), dim=1)` })),
  writerOf(multiply, (_params, { inputShapes, shape }) => ({
    call: (inputs) =>
      inputs
        .map((each, at) => (inputShapes[at]?.length === shape.length ? each : `${each}[:, :, None, None]`))
        .join(' * '),
  })),
  writerOf(flatten, () => ({ module: 'nn.Flatten()' })),
  writerOf(reshape, (_params, { shape }) => ({
    call: ([x = '']) => `${x}.reshape(-1, ${shape.join(', ')})`,
  })),
  writerOf(upsample, ({ factor, interpolation }) => ({
    module: callOf(
      'nn.Upsample',
      `scale_factor=${String(factor)}`,
      interpolation === 'bilinear' ? 'mode="bilinear"' : null,
    ),
  })),
  writerOf(pad, ({ border, value, top, left, bottom, right }) => ({
    module: callOf(
      PADS[border],
      padOrder([top, left, bottom, right]),
      border === 'fill' ? pythonNumber(value) : null,
    ),
  })),
  writerOf(dropout, ({ rate }) => ({ module: callOf('nn.Dropout', pythonNumber(rate)) })),
  writerOf(spatialDropout, ({ rate }) => ({ module: callOf('nn.Dropout2d', pythonNumber(rate)) })),
  writerOf(stochasticDepth, ({ rate }, { called }) => ({
    module: callOf('StochasticDepth', pythonNumber(rate)),
    helper: 'StochasticDepth',
    notes: [message('bundles.ownClass', { block: called, class: 'StochasticDepth' })],
  })),
] as const;
