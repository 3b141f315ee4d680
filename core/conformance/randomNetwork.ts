import fc from 'fast-check';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Params } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { ACTIVATION_LINKS } from './activationCases.ts';
import { networkGraph, type Add, type Link } from './networks.ts';
import type { Graph } from '../document/schema.ts';

/** One step of a random network: a block, optionally with a shortcut around it that is merged with its output. */
interface Step {
  readonly link: Link;
  readonly shortcut: 'none' | 'add' | 'multiply' | 'concat';
}

const conv: fc.Arbitrary<Link> = fc
  .record({
    filters: fc.constantFrom(1, 2, 3, 5),
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 2 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    bias: fc.boolean(),
  })
  .map((params) => ['conv2d', params]);

const norm: fc.Arbitrary<Link> = fc
  .record({
    normalizeBy: fc.constantFrom('batch', 'stored'),
    updateStatistics: fc.boolean(),
    trainGamma: fc.boolean(),
    trainBeta: fc.boolean(),
    decay: fc.constantFrom(0, 0.5, 0.9),
    variance: fc.constantFrom('biased', 'unbiased'),
  })
  .map((params): Link => ['batchNorm', { ...params, epsilon: 1e-2 }]);

const plain: fc.Arbitrary<Link> = fc.constantFrom<Link[]>(
  ['relu'],
  ...ACTIVATION_LINKS,
  ['prelu'],
  ['prelu', { shared: true }],
  ['softmax'],
  ['spatialDropout', { rate: 0.3 }],
  ['stochasticDepth', { rate: 0.3 }],
  ['maxPool', { padding: 'same' }],
  ['avgPool', { kernel: 3, stride: 2, padding: 'same' }],
  ['maxPool', { ceilMode: true }],
  ['avgPool', { kernel: 3, stride: 2, padding: 'explicit', pad: 1, ceilMode: true, countPadding: true }],
  ['adaptiveAvgPool', { height: 3, width: 2 }],
  ['dropout', { rate: 0.3 }],
);

/** Blocks that change the size of images only a little, so that several may follow each other. */
const sizing: fc.Arbitrary<Link> = fc.constantFrom<Link[]>(
  ['convTranspose2d', { filters: 3, kernel: 3, stride: 1, padding: 'explicit' }],
  ['convTranspose2d', { filters: 2, kernel: 2, bias: false }],
  ['pad', { border: 'reflect', top: 0, left: 0 }],
  ['pad', { border: 'replicate', top: 2, bottom: 0, left: 0 }],
  ['upsample', { interpolation: 'bilinear', factor: 2 }],
  ['upsample', { factor: 2 }],
);

export interface RandomNetwork {
  readonly graph: Graph;
  readonly batch: number;
}

/**
 * Small valid networks of up to six steps over images of 4 to 7 pixels per side; `more` are additional blocks that keep
 * the shape.
 */
export function randomNetworks(more: readonly Link[] = []): fc.Arbitrary<RandomNetwork> {
  const step: fc.Arbitrary<Step> = fc.record({
    link: fc.oneof(conv, norm, plain, sizing, ...more.map((link) => fc.constant(link))),
    shortcut: fc.constantFrom('none', 'none', 'none', 'add', 'multiply', 'concat'),
  });
  return fc
    .record({
      channels: fc.constantFrom(1, 3),
      height: fc.integer({ min: 4, max: 7 }),
      width: fc.integer({ min: 4, max: 7 }),
      steps: fc.array(step, { maxLength: 6 }),
      pooled: fc.boolean(),
      batch: fc.integer({ min: 2, max: 4 }),
    })
    .map(({ channels, height, width, steps, pooled, batch }) => {
      const graph = networkGraph([channels, height, width], (add, input) => {
        const last = steps.reduce((before, one) => addStep(add, before, one), input);
        return pooled ? add('globalAvgPool', [last]) : last;
      });
      return { graph, batch };
    })
    .filter(({ graph }) => isSound(graph));
}

/** False for an invalid graph: strides may leave a single pixel, which reflect padding cannot extend. */
function isSound(graph: Graph): boolean {
  return checkGraph(graph).graph !== null;
}

const CHANGING = ['maxPool', 'avgPool', 'adaptiveAvgPool', 'convTranspose2d', 'pad', 'upsample'];

/**
 * Adds a step. Both inputs of a merge need the same shape: a block that changes it is adjusted to keep it, or gets no
 * shortcut.
 */
function addStep(add: Add, before: NodeId, { link, shortcut }: Step): NodeId {
  const [kind, params = {}] = link;
  if (shortcut === 'none' || CHANGING.includes(kind)) return add(kind, [before], params);
  if (kind !== 'conv2d') return add(shortcut, [add(kind, [before], params), before]);
  const still: Params = { ...params, stride: 1 };
  return shortcut === 'concat'
    ? add('concat', [add(kind, [before], still), before])
    : add(kind, [before], params);
}
