import type { ShapedNode } from '../../../graph/shapedGraph.ts';
import { batchNorm } from '../../../nodes/batchNorm.ts';
import type { BatchNormParams } from '../../../nodes/batchNormParams.ts';
import { groupNorm } from '../../../nodes/groupNorm.ts';
import { instanceNorm } from '../../../nodes/instanceNorm.ts';
import { layerNorm } from '../../../nodes/layerNorm.ts';
import { channelsOf, inputAt } from '../../../nodes/shapeRules.ts';
import { message, type Message } from '../../../words/message.ts';
import { callOf, pythonNumber, unless } from '../python.ts';
import { writerOf, type WrittenBlock } from '../writtenBlock.ts';

/** `momentum` of PyTorch is the weight of the NEW value, `1 - decay`; None is the plain average of all batches. */
function momentumOf({ averaging, decay, updateStatistics }: BatchNormParams): string {
  if (!updateStatistics) return '0.0';
  if (averaging === 'cumulative') return 'None';
  // 1 - 0.9 would print as 0.09999999999999998.
  return pythonNumber(Number((1 - decay).toPrecision(12)));
}

function epsilonOf(epsilon: number): string | null {
  return unless('0.00001', 'eps', pythonNumber(epsilon));
}

/** What `nn.BatchNorm2d` does not do in training: the words of the comment, and the note. */
function trainingNotes(params: BatchNormParams, { called }: ShapedNode): readonly [string, Message][] {
  const byBatch = params.normalizeBy === 'batch';
  const found: [string, Message][] = [];
  if (byBatch && params.ghostSize > 0)
    found.push([
      `trained with ghost groups of ${String(params.ghostSize)} samples`,
      message('bundles.ghostGroups', { block: called, size: params.ghostSize }),
    ]);
  if (byBatch && params.renorm)
    found.push(['trained with batch renormalization', message('bundles.renorm', { block: called })]);
  if (!byBatch && params.updateStatistics)
    found.push([
      'trained by its running statistics while they were updated',
      message('bundles.storedUpdating', { block: called }),
    ]);
  if (params.variance === 'biased' && params.updateStatistics)
    found.push(['running_var averages biased variances', message('bundles.biased', { block: called })]);
  return found;
}

/** The switches of training, as lines of `freeze_batch_norm`. */
function frozenLines(
  { normalizeBy, updateStatistics, trainGamma, trainBeta }: BatchNormParams,
  self: string,
): string[] {
  return [
    ...(normalizeBy === 'stored' && !updateStatistics
      ? [`${self}.eval()  # normalizes by the running statistics and keeps them`]
      : []),
    ...(trainGamma ? [] : [`${self}.weight.requires_grad_(False)`]),
    ...(trainBeta ? [] : [`${self}.bias.requires_grad_(False)`]),
  ];
}

const batch = writerOf(batchNorm, (params, block): WrittenBlock => {
  const shape = inputAt(block.inputShapes);
  const module = callOf(
    shape.length === 3 ? 'nn.BatchNorm2d' : 'nn.BatchNorm1d',
    String(channelsOf(shape)),
    epsilonOf(params.epsilon),
    unless('0.1', 'momentum', momentumOf(params)),
  );
  const notes = trainingNotes(params, block);
  const isSwitched = frozenLines(params, '').length > 0;
  return {
    module,
    ...(notes.length === 0 ? {} : { comment: notes.map(([comment]) => comment).join('; ') }),
    freeze: (self) => frozenLines(params, self),
    notes: [
      ...notes.map(([, note]) => note),
      ...(isSwitched ? [message('bundles.switches', { block: block.called })] : []),
    ],
  };
});

interface Affine {
  readonly gamma: boolean;
  readonly beta: boolean;
}

/** `name=False` where there is neither gamma nor beta. */
function affineOf({ gamma, beta }: Affine, name: string): string | null {
  return gamma || beta ? null : `${name}=False`;
}

/** One of the two alone: the other parameter of the module is set to None. */
function withoutOf({ gamma, beta }: Affine): Pick<WrittenBlock, 'without'> {
  if (gamma === beta) return {};
  return { without: [gamma ? 'bias' : 'weight'] };
}

const layer = writerOf(layerNorm, (params, { inputShapes, called }): WrittenBlock => {
  const shape = inputAt(inputShapes);
  const { over, affine, epsilon } = params;
  const ofChannels = String(channelsOf(shape));
  const rest = [epsilonOf(epsilon), affineOf(params, 'elementwise_affine')];
  const without = withoutOf(params);
  if (shape.length === 1) return { module: callOf('nn.LayerNorm', ofChannels, ...rest), ...without };
  if (over === 'eachPixel')
    return {
      module: callOf('ChannelLayerNorm', ofChannels, ...rest),
      ...without,
      helper: 'ChannelLayerNorm',
      notes: [message('bundles.ownClass', { block: called, class: 'ChannelLayerNorm' })],
    };
  if (affine === 'eachChannel')
    return {
      module: callOf('nn.GroupNorm', '1', ofChannels, epsilonOf(epsilon), affineOf(params, 'affine')),
      ...without,
    };
  return { module: callOf('nn.LayerNorm', `[${shape.join(', ')}]`, ...rest), ...without };
});

const group = writerOf(groupNorm, (params, { inputShapes }) => ({
  module: callOf(
    'nn.GroupNorm',
    String(params.groups),
    String(channelsOf(inputAt(inputShapes))),
    epsilonOf(params.epsilon),
    affineOf(params, 'affine'),
  ),
  ...withoutOf(params),
}));

/** `affine` is off by default in PyTorch. */
const instance = writerOf(instanceNorm, (params, { inputShapes }) => ({
  module: callOf(
    'nn.InstanceNorm2d',
    String(channelsOf(inputAt(inputShapes))),
    epsilonOf(params.epsilon),
    params.gamma || params.beta ? 'affine=True' : null,
  ),
  ...withoutOf(params),
}));

export const NORM_WRITERS = [batch, layer, group, instance] as const;
