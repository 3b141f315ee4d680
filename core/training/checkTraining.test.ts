import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
import type { Graph } from '../document/schema.ts';
import { defaultTrainingSettings, type TrainingSettings } from '../document/trainingSettings.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { checkTraining } from './checkTraining.ts';
import { setBatchNormPolicy } from '../rewrites/batchNormPolicy.ts';
import { withParam } from '../rewrites/graphEdits.ts';
import { setFrozen } from '../rewrites/whatTrains.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { inEnglish } from '../words/catalogues.ts';
import { wordDiagnostic } from '../diagnostics/wordDiagnostic.ts';

function shape(graph: Graph): ShapedGraph {
  const report = checkGraph(graph);
  if (!report.graph) throw new Error(report.diagnostics.map((found) => inEnglish(found.message)).join('\n'));
  return report.graph;
}

const mlp = instantiateTemplate('bn-mlp').graph;
const vgg = instantiateTemplate('vgg-bn').graph;

function lone(graph: Graph, settings: Partial<TrainingSettings>, images: number): readonly (string | null)[] {
  const data = { images, classes: 10 };
  return checkTraining(shape(graph), { ...defaultTrainingSettings(), ...settings }, data)
    .filter(({ code }) => code !== 'small-batch-norm')
    .map((found) => (found.code === 'batch-of-one' ? found.nodeId : found.code));
}

describe('checkTraining: renormalization', () => {
  const renormed = withParam(
    withParam(vgg, toNodeId('bn1'), 'renorm', true),
    toNodeId('bn1'),
    'renormStart',
    20,
  );

  it('warns of a run that ends before it begins, counted in updates', () => {
    const settings = { ...defaultTrainingSettings(), batchSize: 10, epochs: 2, accumulate: 1 };
    const found = (more: Partial<TrainingSettings>): string[] =>
      checkTraining(shape(renormed), { ...settings, ...more }, { images: 100, classes: 10 })
        .filter(({ code }) => code === 'renorm-too-late')
        .map(({ message, severity, nodeId }) => `${severity} ${nodeId ?? ''} ${inEnglish(message)}`);
    expect(found({})).toEqual([
      expect.stringMatching(/^warning bn1 .*after step 20, but this run has 20 steps/),
    ]);
    expect(found({ epochs: 3 })).toEqual([]);
    expect(found({ epochs: 3, accumulate: 2 })).toHaveLength(1);
    const switchedOff = withParam(renormed, toNodeId('bn1'), 'renorm', false);
    expect(checkTraining(shape(switchedOff), settings, { images: 100, classes: 10 })).toEqual([]);
  });
});

describe('checkTraining: batches of one', () => {
  const all = ['bn1', 'bn2', 'bn3'];

  it('refuses batch size 1 at every BatchNorm of a Dense', () => {
    expect(lone(mlp, { batchSize: 1 }, 100)).toEqual(all);
    expect(lone(mlp, { batchSize: 2 }, 100)).toEqual([]);
  });

  it('refuses a last batch of one, unless it is dropped or merged', () => {
    expect(lone(mlp, { batchSize: 60, remainder: 'keep' }, 601)).toEqual(all);
    expect(lone(mlp, { batchSize: 60, remainder: 'keep' }, 602)).toEqual([]);
    expect(lone(mlp, { batchSize: 60, remainder: 'drop' }, 601)).toEqual([]);
    expect(lone(mlp, { batchSize: 60, remainder: 'merge' }, 601)).toEqual([]);
    expect(lone(mlp, { batchSize: 60, remainder: 'merge' }, 1)).toEqual(all);
    expect(lone(mlp, { batchSize: 60, remainder: 'drop' }, 1)).toEqual([]);
  });

  it('names the block, the rest and what to do', () => {
    const settings = { ...defaultTrainingSettings(), batchSize: 60 };
    const [found] = checkTraining(shape(mlp), settings, { images: 601, classes: 10 });
    expect(found && inEnglish(found.message)).toBe(
      'BatchNorm (bn1) would get one value per feature in the last batch of each epoch (601 images are 10 × 60 + 1), and one value has no variance.',
    );
    expect(found && inEnglish(found.hint)).toContain('Drop the incomplete batch or merge it');
  });

  it('counts pixels: only an image of 1 × 1 has one value per channel', () => {
    expect(lone(vgg, { batchSize: 1 }, 100)).toEqual([]);
    const tiny = instantiateTemplate('vgg-bn', { inputShape: [3, 5, 5] }).graph;
    const valid = withParam(tiny, toNodeId('conv1'), 'padding', 'valid');
    const pooled = withParam(valid, toNodeId('pool1'), 'kernel', 3);
    const noPool = [2, 3].reduce(
      (graph, index) => withParam(graph, toNodeId(`pool${index}`), 'kernel', 1),
      pooled,
    );
    expect(lone(noPool, { batchSize: 1 }, 100)).toEqual(['bn3', 'bn4', 'bn5', 'bn6']);
  });

  it('lets a BatchNorm pass that does not read its batch, and refuses one that only stores', () => {
    const stored = withParam(mlp, toNodeId('bn1'), 'normalizeBy', 'stored');
    expect(lone(stored, { batchSize: 1 }, 100)).toEqual(all);
    const frozen = withParam(stored, toNodeId('bn1'), 'updateStatistics', false);
    expect(lone(frozen, { batchSize: 1 }, 100)).toEqual(['bn2', 'bn3']);
  });

  it('refuses ghost groups of one value, by block name, and offers the whole batch', () => {
    const ghost = withParam(mlp, toNodeId('bn2'), 'ghostSize', 1);
    expect(lone(ghost, { batchSize: 32 }, 96)).toEqual(['bn2']);
    const found = checkTraining(
      shape(ghost),
      { ...defaultTrainingSettings(), batchSize: 32 },
      { images: 96, classes: 10 },
    );
    expect(found[0]?.param).toBe('ghostSize');
    expect(found[0] && inEnglish(found[0].message)).toContain('bn2');
    expect(found[0]?.fix).toMatchObject({ nodeId: 'bn2', param: 'ghostSize', value: 0 });
    // Groups of one image have many values per channel. Groups of two vectors never leave a group of one.
    expect(lone(withParam(vgg, toNodeId('bn1'), 'ghostSize', 1), { batchSize: 32 }, 96)).toEqual([]);
    expect(lone(withParam(mlp, toNodeId('bn2'), 'ghostSize', 2), { batchSize: 33 }, 99)).toEqual([]);
    // Groups have no effect where the batch does not normalize.
    const stored = withParam(ghost, toNodeId('bn2'), 'normalizeBy', 'stored');
    expect(lone(stored, { batchSize: 32 }, 96)).toEqual([]);
  });
});

describe('checkTraining: fine-tuning', () => {
  const settings = { ...defaultTrainingSettings(), batchSize: 12 };
  const data = { images: 120, classes: 10 };
  const shown = (graph: Graph, more: Partial<TrainingSettings>, hasTrainedStart: boolean): string[] =>
    checkTraining(shape(graph), { ...settings, ...more }, { ...data, hasTrainedStart }).map(
      ({ severity, code, nodeId }) => `${severity} ${code} ${nodeId ?? '-'}`,
    );

  it('warns of statistics of few images, earlier where the weights were trained before', () => {
    const warning = 'warning small-batch-norm bn1';
    expect(shown(vgg, {}, true)).toEqual([warning]);
    expect(shown(vgg, { batchSize: 16 }, true)).toEqual([]);
    expect(shown(vgg, {}, false)).toEqual([]);
    expect(shown(vgg, { batchSize: 8 }, false)).toEqual([warning]);
    expect(shown(setBatchNormPolicy(vgg, 'affine'), { batchSize: 4 }, true)).toEqual([]);
    const [found] = checkTraining(shape(vgg), { ...settings, batchSize: 8 }, data);
    expect(found && inEnglish(found.message)).toContain(
      '6 BatchNorm blocks normalize by the statistics of 8',
    );
  });

  it('refuses a head phase in which nothing trains', () => {
    const frozen = setFrozen(vgg, [toNodeId('dense1')], true);
    expect(shown(frozen, {}, false)).toEqual([]);
    expect(shown(frozen, { headEpochs: 2 }, false)).toEqual(['error head-frozen dense1']);
    expect(shown(vgg, { headEpochs: 2 }, false)).toEqual([]);
  });
});

describe('checkTraining: classes', () => {
  const settings = defaultTrainingSettings();

  it('points at the parameter that decides, with the repair', () => {
    const [found] = checkTraining(shape(vgg), settings, { images: 100, classes: 7 });
    expect(found && wordDiagnostic(found, inEnglish)).toMatchObject({
      code: 'classes-mismatch',
      severity: 'error',
      nodeId: 'dense1',
      param: 'units',
      message: 'The network distinguishes 10 classes, but the image folder has 7.',
      fix: { nodeId: 'dense1', param: 'units', value: 7 },
    });
    const { nodeId, param, value } = found?.fix ?? { nodeId: toNodeId('x'), param: '', value: 0 };
    const repaired = withParam(vgg, nodeId, param, value);
    expect(checkTraining(shape(repaired), settings, { images: 100, classes: 7 })).toEqual([]);
  });

  it('points at the Output where no single parameter decides', () => {
    const graph = {
      nodes: {
        input: { kind: 'input', params: {} },
        pooled: { kind: 'globalAvgPool', params: {} },
        left: { kind: 'dense', params: { units: 2 } },
        right: { kind: 'dense', params: { units: 3 } },
        join: { kind: 'concat', params: {} },
        output: { kind: 'output', params: {} },
      },
      wires: {
        'pooled.in': 'input.out',
        'left.in': 'pooled.out',
        'right.in': 'pooled.out',
        'join.in1': 'left.out',
        'join.in2': 'right.out',
        'output.in': 'join.out',
      },
    } as unknown as Graph;
    const [found] = checkTraining(shape(graph), settings, { images: 100, classes: 7 });
    expect([found?.nodeId, found?.fix, found && inEnglish(found.hint)]).toEqual([
      'output',
      undefined,
      'Make Output receive 7 numbers, or choose another folder.',
    ]);
  });
});
