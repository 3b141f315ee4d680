import { InvariantError } from '../diagnostics/invariantError.ts';
import { defineNode, ONE_OUTPUT } from './defineNode.ts';
import { shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/** The network's input: images of `[C, H, W]` per sample. */
export const input = defineNode({
  kind: 'input',
  family: 'input',
  title: 'Input',
  help: 'Where the images enter. Every image is resized to this height and width, then normalized by the mean and deviation of the training images.',
  params: {
    height: {
      type: 'int',
      default: 32,
      min: 1,
      max: 4096,
      label: 'Height',
      help: 'Height in pixels to which images are resized. Default 32, as CIFAR-10.',
    },
    width: {
      type: 'int',
      default: 32,
      min: 1,
      max: 4096,
      label: 'Width',
      help: 'Width in pixels to which images are resized. Default 32, as CIFAR-10.',
    },
    channels: {
      type: 'int',
      default: 3,
      min: 1,
      max: 3,
      label: 'Channels',
      help: '3 for colour (red, green, blue; grey images are repeated), 1 for grey (colour images become their luma). Default 3.',
    },
  },
  inputPorts: () => [],
  outputPorts: ONE_OUTPUT,
  summary: ({ height, width, channels }) => [
    `${height}×${width}`,
    channels === 1 ? message('summary.grey') : 'RGB',
  ],
  inferShape({ height, width, channels }) {
    if (channels === 1 || channels === 3) return shapeOk([channels, height, width]);
    return shapeBad({
      code: 'param-range',
      param: 'channels',
      problem: message('blocks.inputChannels', { channels }),
      hint: message('blocks.inputChannelsHint'),
    });
  },
  parameters: () => [],
  statisticChannels: () => 0,
  flops: () => 0,
  lower() {
    throw new InvariantError('Input is fed by the program, not lowered');
  },
});
