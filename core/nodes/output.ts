import { tensorAt } from './lowering.ts';
import { formatShape } from '../program/shape.ts';
import { defineNode, ONE_INPUT } from './defineNode.ts';
import { inputAt, shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/**
 * The network's output, the logits: a vector with one value per class, or a single value for two classes. Whether the
 * loss supports a single one is checked in `core/graph/checkLoss.ts`.
 */
export const output = defineNode({
  kind: 'output',
  family: 'output',
  title: 'Output',
  help: 'Takes one number (logit) for each class, or a single one for two classes. The loss of the training settings, softmax or sigmoid included, is part of it, so put no softmax or activation before it.',
  params: {},
  inputPorts: () => ONE_INPUT,
  outputPorts: [],
  summary: () => ['logits', message('summary.loss')],
  inferShape(_params, inputs) {
    const shape = inputAt(inputs);
    if (shape.length !== 1) {
      return shapeBad({
        code: 'shape-rank',
        port: 'in',
        problem: message('blocks.needsLogits', { shape: formatShape(shape) }),
        hint: message('blocks.needsLogitsHint'),
      });
    }
    return shapeOk(shape);
  },
  parameters: () => [],
  statisticChannels: () => 0,
  flops: () => 0,
  lower: (_params, context) => tensorAt(context),
});
