import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { checkProgram } from '../conformance/checkProgram.ts';
import { openExperiment, PLAIN_SGD } from '../conformance/experiment.ts';
import { chain, network, type Body, type Link } from '../conformance/networks.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Program } from '../program/program.ts';
import { compile } from './compile.ts';
import { findCut } from './findCut.ts';
import type { Cut, NetworkPart } from './networkPart.ts';

const FROZEN = { trainWeights: false };
const FROZEN_NORM = {
  normalizeBy: 'stored',
  updateStatistics: false,
  trainGamma: false,
  trainBeta: false,
} as const;
const BYTES = { input: { type: 'u8', mean: [100, 110, 120], deviation: [50, 60, 70] } } as const;
const OPTIONS = { ...BYTES, optimizer: PLAIN_SGD, labelSmoothing: 0 } as const;

const frozenConv: Link = ['conv2d', { filters: 4, ...FROZEN }];

function cutOf(body: Body, units = 3): { graph: ShapedGraph; cut: Cut | null } {
  const graph = network([3, 6, 6], body, units);
  return { graph, cut: findCut(graph, OPTIONS) };
}

function nodeOf(...links: Link[]): string | null {
  return cutOf(chain(...links)).cut?.node ?? null;
}

describe('the cut', () => {
  it('lies before the first block that training changes', () => {
    expect(nodeOf(frozenConv, ['conv2d', { filters: 5 }])).toBe('conv2d1');
    expect(nodeOf(frozenConv, ['batchNorm', FROZEN_NORM], ['relu'], ['conv2d'])).toBe('relu1');
    expect(nodeOf(['batchNorm', FROZEN_NORM], ['conv2d'])).toBe('batchNorm1');
  });
  it.each([
    ['normalizes by the batch', { ...FROZEN_NORM, normalizeBy: 'batch' }],
    ['updates its statistics', { ...FROZEN_NORM, updateStatistics: true }],
    ['trains its shift', { ...FROZEN_NORM, trainBeta: true }],
  ])('lies before a BatchNorm that %s', (_, params) => {
    expect(nodeOf(frozenConv, ['batchNorm', params], ['conv2d'])).toBe('conv2d1');
  });
  it('lies before anything random, unless it drops nothing', () => {
    expect(nodeOf(frozenConv, ['dropout'], ['relu'], ['conv2d'])).toBe('conv2d1');
    expect(nodeOf(frozenConv, ['spatialDropout'], ['relu'], ['conv2d'])).toBe('conv2d1');
    expect(nodeOf(frozenConv, ['dropout', { rate: 0 }], ['relu'], ['conv2d'])).toBe('relu1');
  });
  it('lies after the pooling and flattening that make the tensor smaller', () => {
    expect(nodeOf(frozenConv, ['relu'], ['globalAvgPool'])).toBe('flat');
    expect(nodeOf(frozenConv, ['maxPool'], ['conv2d'])).toBe('maxPool1');
  });
  it('lies before blocks without weights that make it larger', () => {
    expect(nodeOf(frozenConv, ['relu'], ['pad', { top: 2, left: 2 }], ['conv2d'])).toBe('relu1');
    expect(nodeOf(frozenConv, ['upsample'], ['conv2d', { filters: 2, ...FROZEN }], ['conv2d'])).toBe(
      'conv2d2',
    );
  });
  it('is not where two tensors lead on', () => {
    const residual: Body = (add, input) => {
      const stem = add('conv2d', [input], { filters: 4, ...FROZEN });
      const branch = add('conv2d', [stem], { filters: 4, ...FROZEN });
      const trained = add('conv2d', [branch], { filters: 4 });
      return add('add', [trained, stem]);
    };
    expect(cutOf(residual).cut).toMatchObject({ node: 'conv2d1', blocks: ['input', 'conv2d1'] });
  });
  it('is where two branches have met', () => {
    const branches: Body = (add, input) => {
      const one = add('conv2d', [input], { filters: 4, ...FROZEN });
      const other = add('conv2d', [input], { filters: 4, ...FROZEN });
      return add('conv2d', [add('add', [one, other])], { filters: 2 });
    };
    const { cut, graph } = cutOf(branches);
    expect(cut?.node).toBe('add1');
    expect(cut?.shape).toEqual([4, 6, 6]);
    const flops = must(cut, 'cut').blocks.map((id) => graph.byId.get(id)?.flops ?? NaN);
    expect(cut?.flops).toBe(flops.reduce((sum, each) => sum + each, 0));
    expect(cut?.flops).toBeGreaterThan(2 * 2 * 36 * 4 * 27 - 1);
  });
  it('is missing where nothing is frozen, or nothing with weights', () => {
    expect(nodeOf(['conv2d'])).toBeNull();
    expect(nodeOf(['maxPool'], ['relu'], ['conv2d'])).toBeNull();
  });
  it('is missing where nothing is left to train', () => {
    const graph = network([3, 6, 6], chain(frozenConv));
    const frozen = { ...graph, order: graph.order.map((node) => withoutTraining(node)) } as ShapedGraph;
    expect(findCut(frozen, OPTIONS)).toBeNull();
  });
});

function withoutTraining(node: ShapedGraph['order'][number]): ShapedGraph['order'][number] {
  return { ...node, parameters: node.parameters.map((each) => ({ ...each, trainable: false })) };
}

describe('the two parts', () => {
  const { graph, cut: found } = cutOf(
    chain(
      frozenConv,
      ['batchNorm', FROZEN_NORM],
      ['relu'],
      ['dropout'],
      ['conv2d', { filters: 3 }],
      ['batchNorm'],
    ),
  );
  const cut = must(found, 'cut');
  const part = (of: NetworkPart['of'], mode: Program['mode']): Program =>
    compile(graph, { ...OPTIONS, mode, part: { of, cut } });
  const whole = compile(graph, { ...OPTIONS, mode: 'train' });

  it('are sound programs over one state layout', () => {
    const programs = [
      part('prefix', 'train'),
      part('prefix', 'evaluate'),
      part('suffix', 'train'),
      part('suffix', 'evaluate'),
    ];
    for (const program of programs) {
      expect(checkProgram(program)).toEqual([]);
      expect(program.state).toEqual(whole.state);
      expect(JSON.parse(JSON.stringify(program))).toEqual(program);
    }
  });
  it('divide the blocks among them', () => {
    const nodesOf = ({ instructions }: Program): Set<string> => new Set(instructions.map(({ node }) => node));
    const prefix = new Set<string>(cut.blocks);
    expect([...nodesOf(part('prefix', 'evaluate'))].every((node) => prefix.has(node))).toBe(true);
    expect([...nodesOf(part('suffix', 'train'))].some((node) => prefix.has(node))).toBe(false);
    const both = [part('prefix', 'evaluate'), part('suffix', 'train')].flatMap((each) => [...nodesOf(each)]);
    expect(both).toEqual(expect.arrayContaining([...nodesOf(whole)]));
  });
  it('meet at the features', () => {
    const prefix = part('prefix', 'evaluate');
    expect(prefix).toMatchObject({
      logitCount: 144,
      inputType: 'u8',
      inputShape: [3, 6, 6],
      inputs: { labels: null },
    });
    expect(part('suffix', 'train')).toMatchObject({ inputType: 'f32', inputShape: [4, 6, 6], classes: 3 });
  });
  it('have no backward pass before the features', () => {
    const prefix = part('prefix', 'train');
    expect(prefix.optimizer).toBeNull();
    expect(prefix.instructions).toEqual(part('prefix', 'evaluate').instructions);
  });
  it('give the loss, the gradients and the state of the whole network, with the same dropout', () => {
    const session = openExperiment(referenceBackend, 'f64', whole);
    const parts = openExperiment(referenceBackend, 'f64', whole);
    const images = Uint8Array.from({ length: 4 * 108 }, (_, at) => (at * 89) % 256);
    const labels = Int32Array.of(0, 2, 1, 0);
    const first = parts.prepare(part('prefix', 'train'), 4);
    const [one, two] = [session.prepare(whole, 4), parts.prepare(part('suffix', 'train'), 4)];
    first.run({ images, labels }, { learningRate: 0, step: 1, randomKey: 0 });
    expect(first.loss()).toBeNaN();
    for (const step of [1, 2, 3]) {
      const scalars = { learningRate: 0.1, step, randomKey: 77 * step };
      one.run({ images, labels }, scalars);
      two.run({ images: first.logits, labels }, scalars);
      expect(two.loss()).toBe(one.loss());
      expect(two.gradients).toEqual(one.gradients);
    }
    expect(parts.state).toEqual(session.state);
  });
});
