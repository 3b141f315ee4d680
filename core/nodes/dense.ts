import { formatShape } from '../program/shape.ts';
import { defineNode, ONE_INPUT, ONE_OUTPUT } from './defineNode.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { channelsOf, inputAt, shapeBad, shapeOk } from './shapeRules.ts';
import { WEIGHT_PARAMS, weightParameters } from './weights.ts';
import { message } from '../words/message.ts';

/** Fully connected layer: `[F]` to `[units]`; weights `[units, F]`. */
export const dense = defineNode({
  kind: 'dense',
  family: 'dense',
  title: 'Dense',
  help: 'Every output is a weighted sum of all inputs. The last one before Output has one unit for each class.',
  shortcut: 'd',
  params: {
    units: {
      type: 'int',
      default: 10,
      min: 1,
      max: 1_048_576,
      label: 'Units',
      help: 'Number of outputs; before Output, the number of classes. Default 10, the number of classes of MNIST and CIFAR-10.',
    },
    ...WEIGHT_PARAMS,
  },
  inputPorts: () => ONE_INPUT,
  outputPorts: ONE_OUTPUT,
  summary: ({ units }) => [message('summary.units', { units })],
  inferShape({ units }, inputs) {
    const shape = inputAt(inputs);
    if (shape.length === 1) return shapeOk([units]);
    return shapeBad({
      code: 'shape-rank',
      port: 'in',
      problem: message('blocks.needsVector', { shape: formatShape(shape) }),
      hint: message('blocks.needsVectorHint'),
    });
  },
  parameters: (params, inputs) => weightParameters(params, [params.units, channelsOf(inputAt(inputs))]),
  statisticChannels: () => 0,
  flops: ({ units, bias }, inputs) => units * (2 * channelsOf(inputAt(inputs)) + (bias ? 1 : 0)),
  lower({ bias }, context) {
    const dst = outputTensor(context);
    context.emit({
      op: 'denseForward',
      src: tensorAt(context),
      weights: context.parameter('weights'),
      bias: bias ? context.parameter('bias') : null,
      dst,
    });
    return dst;
  },
});
