import { elementCount } from '../program/shape.ts';
import { defineNode, ONE_INPUT, ONE_OUTPUT } from './defineNode.ts';
import { BATCH_NORM_PARAMS } from './batchNormParams.ts';
import { lowerBatchNorm } from './lowerBatchNorm.ts';
import { channelsOf, inputAt, shapeOk } from './shapeRules.ts';
import { message, type MessageValue } from '../words/message.ts';

/**
 * Batch normalization, per channel of `[C, H, W]` or per feature of `[F]`; formulas in batchnorm-spec.md, section 1.
 * Owns gamma, beta and the running mean and variance, `[C]` each.
 */
export const batchNorm = defineNode({
  kind: 'batchNorm',
  idStem: 'bn',
  family: 'normalization',
  title: 'BatchNorm',
  help: 'Normalizes each channel to mean 0 and variance 1 over the batch, then scales by gamma and shifts by beta (Ioffe and Szegedy 2015). Outside training it uses the running statistics.',
  shortcut: 'b',
  params: BATCH_NORM_PARAMS,
  inputPorts: () => ONE_INPUT,
  outputPorts: ONE_OUTPUT,
  summary({ averaging, decay, normalizeBy, updateStatistics, renorm, ghostSize }) {
    const parts: MessageValue[] = [];
    // Without updates, averaging and decay have no effect.
    if (updateStatistics)
      parts.push(
        averaging === 'cumulative' ? message('summary.cumulative') : message('summary.decay', { decay }),
      );
    if (normalizeBy === 'stored') parts.push(message('summary.storedStats'));
    else if (renorm) parts.push(message('summary.renorm'));
    if (normalizeBy === 'batch' && ghostSize > 0)
      parts.push(message('summary.groupsOf', { size: ghostSize }));
    if (!updateStatistics) parts.push(message('summary.noUpdate'));
    return parts;
  },
  inferShape: (_params, inputs) => shapeOk(inputAt(inputs)),
  parameters({ trainGamma, trainBeta, rateFactor }, inputs) {
    const dims = [channelsOf(inputAt(inputs))];
    const shared = { dims, decayed: false, rateFactor };
    return [
      { field: 'gamma', init: { kind: 'constant', value: 1 }, trainable: trainGamma, ...shared },
      { field: 'beta', init: { kind: 'constant', value: 0 }, trainable: trainBeta, ...shared },
    ];
  },
  statisticChannels: (_params, inputs) => channelsOf(inputAt(inputs)),
  flops: (_params, _inputs, output) => 2 * elementCount(output),
  lower: lowerBatchNorm,
});
