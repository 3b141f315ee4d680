import { describe, expect, it } from 'vitest';
import { createDocument } from '../../document/create.ts';
import type { Params } from '../../document/schema.ts';
import { toNodeId } from '../../diagnostics/ids.ts';
import { NODE_DEFINITIONS } from '../../nodes/registry.ts';
import { GraphBuilder } from '../../templates/graphBuilder.ts';
import { instantiateTemplate } from '../../templates/templates.ts';
import { told } from '../../words/testing.ts';
import {
  everyChannelBlock,
  everyFoldCase,
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
} from '../testing/networks.ts';
import { randomModel } from '../testing/randomModel.ts';
import type { TrainedModel } from '../trainedModel.ts';
import { formatDifferences } from '../formatDifferences.ts';
import { exportPytorch } from './exportPytorch.ts';
import { moduleNames } from './moduleNames.ts';

const EVERY = [
  everyImageBlock(),
  everyPhotoBlock(),
  everyResizingBlock(),
  everyChannelBlock(),
  everyFoldCase(),
].map((document) => randomModel(document));

function sourceOf(model: TrainedModel, foldBatchNorm = false): string {
  return new TextDecoder().decode(exportPytorch(model, { foldBatchNorm }).files.get('model.py'));
}

/** `model.py` of a chain of blocks over images of 6 x 5 pixels with 4 channels, and what is said before the export. */
function chain(...blocks: readonly (readonly [id: string, kind: string, params?: Params])[]): {
  source: string;
  notes: string;
} {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height: 6, width: 5, channels: 3 });
  let last = builder.add('stem', 'conv2d', [0, 1], [input], { filters: 4, kernel: 1 });
  for (const [id, kind, params] of blocks) last = builder.add(id, kind, [0, 2], [last], params);
  last = builder.add('flat', 'flatten', [0, 3], [last]);
  last = builder.add('head', 'dense', [0, 4], [last], { units: 3 });
  builder.add('output', 'output', [0, 5], [last]);
  const { graph, positions } = builder.build();
  const model = randomModel({ ...createDocument('Chain', 'chain'), graph, layout: { positions } });
  const notes = told(formatDifferences(model.document, 'pytorch', { foldBatchNorm: false })).join('\n');
  return { source: sourceOf(model), notes };
}

describe('model.py', () => {
  it('has a line for every kind of block', () => {
    const used = new Set(EVERY.flatMap(({ graph }) => graph.order.map(({ definition }) => definition.kind)));
    expect(NODE_DEFINITIONS.map(({ kind }) => kind).filter((kind) => !used.has(kind))).toEqual([]);
    for (const model of EVERY)
      for (const fold of [false, true]) expect(sourceOf(model, fold)).toMatch(/return /);
  });

  it('reads like a module written by hand', () => {
    const model = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8], classes: 4 }));
    expect(sourceOf(model)).toMatchInlineSnapshot(`
      """"A network of NormLab as a PyTorch module; the weights are in model.safetensors and state_dict.pt."""

      from torch import nn

      PROJECT = "Small CNN with BatchNorm"


      class Network(nn.Module):
          """Maps images [N, 1, 8, 8], normalized as in predict.py, to logits [N, 4]."""

          def __init__(self):
              super().__init__()
              self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
              self.bn1 = nn.BatchNorm2d(32)
              self.relu1 = nn.ReLU()
              self.pool1 = nn.MaxPool2d(2)
              self.flatten = nn.Flatten()
              self.dense1 = nn.Linear(512, 4)

          def forward(self, images):
              """Returns the logits [N, 4] of images [N, C, H, W]."""
              x = self.conv1(images)
              x = self.bn1(x)
              x = self.relu1(x)
              x = self.pool1(x)
              x = self.flatten(x)
              return self.dense1(x)
      "
    `);
  });

  it('names values that are used later', () => {
    const resnet = randomModel(instantiateTemplate('resnet20', { inputShape: [3, 8, 8], classes: 4 }));
    expect(sourceOf(resnet)).toMatch(/x = x \+ \w+\n|x = \w+ \+ x\n/);
  });

  it.each<[string, Params, RegExp]>([
    ['the default', {}, /nn\.BatchNorm2d\(4\)$/m],
    [
      'eps and momentum',
      { epsilon: 1e-3, decay: 0.99 },
      /nn\.BatchNorm2d\(4, eps=0\.001, momentum=0\.01\)$/m,
    ],
    ['the plain average', { averaging: 'cumulative' }, /nn\.BatchNorm2d\(4, momentum=None\)$/m],
    ['statistics that are not updated', { updateStatistics: false }, /momentum=0\.0\)$/m],
    ['ghost groups', { ghostSize: 2 }, /BatchNorm2d\(4\) {2}# trained with ghost groups of 2 samples$/m],
    ['renormalization', { renorm: true }, /BatchNorm2d\(4\) {2}# trained with batch renormalization$/m],
    ['a biased variance', { variance: 'biased' }, /# running_var averages biased variances$/m],
  ])('writes a BatchNorm with %s', (_what, params, line) => {
    expect(chain(['bn', 'batchNorm', params]).source).toMatch(line);
  });

  it('has a method for the switches of a frozen BatchNorm, and only then', () => {
    const frozen = { normalizeBy: 'stored', updateStatistics: false, trainGamma: false, trainBeta: false };
    const { source, notes } = chain(['bn', 'batchNorm', frozen]);
    expect(source).toMatch(
      /def freeze_batch_norm\(self\):[^]*self\.bn\.eval\(\)[^]*self\.bn\.weight\.requires_grad_/,
    );
    expect(notes).toMatch(/bn.*freeze_batch_norm\(\)/i);
    expect(chain(['bn', 'batchNorm']).source).not.toContain('freeze_batch_norm');
  });

  it('pads before a layer only where the sides differ', () => {
    const even = chain(['conv', 'conv2d', { filters: 2, kernel: 3, padding: 'same' }]);
    expect(even.source).toContain('nn.Conv2d(4, 2, 3, padding=1)');
    expect(even.notes).toBe('');
    const uneven = chain(['conv', 'conv2d', { filters: 2, kernel: 3, stride: 2, padding: 'same' }]);
    expect(uneven.source).toContain('self.conv(F.pad(x, (1, 1, 0, 1)))');
    expect(uneven.notes).toMatch(/its padding differs from side to side/);
  });

  it('says before the export which settings of training PyTorch has no module for', () => {
    const { notes } = chain(
      ['one', 'conv2d', { filters: 4, trainWeights: false }],
      ['two', 'conv2d', { filters: 4, rateFactor: 0.1 }],
      ['a-b', 'batchNorm', { normalizeBy: 'stored' }],
      ['drop', 'stochasticDepth'],
    );
    expect(notes).toMatch(/requires_grad_\(False\)[^]*factor 0\.1[^]*a-b is called a_b[^]*StochasticDepth/);
    expect(notes).toMatch(/cannot normalize by running statistics while it updates them/);
  });

  it('contains the name of the project as a text, whatever is in it', () => {
    const model = randomModel({ ...everyFoldCase(), name: '"""\\\n\u2028 名 ' });
    expect(sourceOf(model)).toContain('PROJECT = "\\"\\"\\"\\\\\\n');
  });
});

describe('names of modules', () => {
  const named = (...ids: string[]): string[] => [...moduleNames(ids.map(toNodeId)).values()];

  it('are the ids wherever Python and nn.Module leave them free', () => {
    expect(named('conv1', 'bn_2', 'Layer')).toEqual(['conv1', 'bn_2', 'Layer']);
    expect(named('class', 'forward', 'half', 'x', 'F', 'model')).toEqual([
      ...['class_', 'forward_', 'half_', 'x_', 'F_', 'model_'],
    ]);
  });

  it('are different for ids that differ only in what Python cannot write', () => {
    const ids = ['a-b', 'a_b', 'a_b_', 'to', 'to_'].map(toNodeId);
    const names = moduleNames(ids);
    expect(new Set(names.values()).size).toBe(ids.length);
    expect(names.get(toNodeId('a_b'))).toBe('a_b');
    expect(names.get(toNodeId('a-b'))).toBe('a_b_2');
    expect(names.get(toNodeId('to'))).toBe('to_2');
  });
});
