import { tensorAt } from './lowering.ts';
import { elementCount, formatShape } from '../shapes/shape.ts';
import { defineNode, ONE_INPUT } from './defineNode.ts';
import { inputAt, shapeBad, shapeOk } from './shapeRules.ts';

/** Where the logits go out: a vector of one number for each class, before softmax. */
export const output = defineNode({
  kind: 'output',
  family: 'output',
  title: 'Output',
  help: 'Takes one number (logit) for each class. Softmax and cross-entropy loss are part of it, so put no softmax or activation before it.',
  params: {},
  inputPorts: () => ONE_INPUT,
  outputPorts: [],
  summary: () => 'softmax · cross-entropy',
  inferShape(_params, inputs) {
    const shape = inputAt(inputs);
    if (shape.length !== 1) {
      return shapeBad({
        code: 'shape-rank',
        port: 'in',
        message: `needs one number for each class but gets ${formatShape(shape)}.`,
        hint: 'Put Flatten or GlobalAvgPool and a Dense with one unit for each class before it.',
      });
    }
    if (elementCount(shape) < 2) {
      return shapeBad({
        code: 'shape-mismatch',
        port: 'in',
        message: 'gets a single number, but telling classes apart takes at least two.',
        hint: 'Give the Dense before it one unit for each class.',
      });
    }
    return shapeOk(shape);
  },
  parameters: () => [],
  statisticChannels: () => 0,
  flops: () => 0,
  lower: (_params, context) => tensorAt(context),
});
