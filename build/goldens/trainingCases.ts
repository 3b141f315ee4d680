import { chain, networkGraph } from '#core/conformance/networks.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import type { Graph, Params } from '#core/document/schema.ts';
import { withSettings, type GoldenCase, type UpdateSettings } from './goldenCase.ts';

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const SGD = { kind: 'sgd', nesterov: false } as const;
const RMSPROP = { kind: 'rmsprop', alpha: 0.99, epsilon: 1e-8 } as const;
const LION = { kind: 'lion', beta1: 0.9, beta2: 0.99 } as const;
const DECAYS = { l1: 0.002, l2: 0.05 } as const;
const NO_DECAY = { l1: 0, l2: 0 } as const;

const OPTIMIZERS: readonly (readonly [string, UpdateSettings])[] = [
  ['SGD', { kind: 'sgd', momentum: 0, nesterov: false, ...NO_DECAY }],
  ['SGD with L1 and L2', { kind: 'sgd', momentum: 0, nesterov: false, ...DECAYS }],
  ['momentum', { kind: 'sgd', momentum: 0.9, nesterov: false, ...NO_DECAY }],
  ['momentum with L1 and L2', { kind: 'sgd', momentum: 0.9, nesterov: false, ...DECAYS }],
  ['Nesterov', { kind: 'sgd', momentum: 0.9, nesterov: true, ...NO_DECAY }],
  ['Nesterov with L1 and L2', { kind: 'sgd', momentum: 0.8, nesterov: true, ...DECAYS }],
  ['Adam', { kind: 'adam', ...ADAM, ...NO_DECAY }],
  ['Adam with L1 and L2', { kind: 'adam', ...ADAM, ...DECAYS }],
  ['AdamW', { kind: 'adamw', ...ADAM, ...NO_DECAY }],
  ['RMSprop', { ...RMSPROP, momentum: 0, centered: false, ...NO_DECAY }],
  ['RMSprop with L1 and L2', { ...RMSPROP, momentum: 0, centered: false, ...DECAYS }],
  ['RMSprop centred, momentum', { ...RMSPROP, momentum: 0.9, centered: true, ...NO_DECAY }],
  ['Lion', { ...LION, ...NO_DECAY }],
  ['Lion with decay', { ...LION, l1: 0, l2: 0.05 }],
  [
    'Adam, gradient clipped by norm',
    { kind: 'adam', ...ADAM, ...NO_DECAY, clipping: { by: 'norm', limit: 0.2 } },
  ],
  [
    'SGD, gradient clipped by value',
    { ...SGD, momentum: 0, ...NO_DECAY, clipping: { by: 'value', limit: 0.02 } },
  ],
  ['AdamW with decay', { kind: 'adamw', ...ADAM, l1: 0, l2: 0.05 }],
];

/**
 * A convolution, BatchNorm, tanh and two Dense: every type of weights, and smooth functions, so that errors come from
 * the update.
 */
function optimized(batchNorm: Params = {}, conv: Params = {}, dense: Params = {}): Graph {
  return networkGraph(
    [3, 4, 4],
    chain(
      ['conv2d', { filters: 4, stride: 2, bias: false, ...conv }],
      ['batchNorm', batchNorm],
      ['tanh'],
      ['flatten'],
      ['dense', { units: 6, ...dense }],
      ['tanh'],
    ),
  );
}

const TRAINED = {
  patterned: true,
  scheme: 'fresh',
  scale: 1,
  options: { optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, l1: 0, l2: 5e-4 } },
} as const;

const TEN_STEPS = { batch: 6, steps: 10, learningRate: 0.02, patterned: true } as const;

/**
 * RMSprop begins with steps of ten times the rate, and Lion changes every weight by the full rate: both use a tenth of
 * the others' rate.
 */
const rateOf = ({ kind }: UpdateSettings): number =>
  kind === 'rmsprop' || kind === 'lion' ? TEN_STEPS.learningRate / 10 : TEN_STEPS.learningRate;

/** Ten steps of each optimizer. */
export const OPTIMIZER_CASES: readonly GoldenCase[] = OPTIMIZERS.map(([name, optimizer]) =>
  withSettings(
    { family: 'optimizer', name, graph: optimized() },
    { ...TEN_STEPS, learningRate: rateOf(optimizer), options: { optimizer } },
  ),
);

const GROUPS: readonly (readonly [string, UpdateSettings])[] = [
  ['momentum with L2', { ...SGD, momentum: 0.9, l1: 0, l2: 0.05 }],
  ['AdamW with decay', { kind: 'adamw', ...ADAM, l1: 0, l2: 0.05 }],
  [
    'momentum, gradient clipped by norm',
    { ...SGD, momentum: 0.9, ...NO_DECAY, clipping: { by: 'norm', limit: 0.2 } },
  ],
];

/** Ten steps with parameter groups: the convolution at a tenth of the rate, BatchNorm at twice, a Dense frozen. */
export const GROUP_CASES: readonly GoldenCase[] = GROUPS.map(([name, optimizer]) =>
  withSettings(
    {
      ...{ family: 'optimizer', name: `${name}, three rates and a frozen block` },
      graph: optimized({ rateFactor: 2 }, { rateFactor: 0.1 }, { trainWeights: false }),
    },
    { ...TEN_STEPS, options: { optimizer } },
  ),
);

const BATCH_NORMS: readonly (readonly [string, Params])[] = [
  ['batchNorm, cumulative average', { averaging: 'cumulative' }],
  ['batchNorm, renorm over its ramps', { renorm: true, renormStart: 2, renormEndR: 7, renormEndD: 5 }],
  ['batchNorm, groups of three', { ghostSize: 3, variance: 'biased' }],
  ['batchNorm, stored statistics updated', { normalizeBy: 'stored', decay: 0.5 }],
];

/** Ten steps of momentum with BatchNorm in modes that change from step to step. */
export const BATCH_NORM_COURSES: readonly GoldenCase[] = BATCH_NORMS.map(([name, params]) =>
  withSettings(
    { family: 'optimizer', name, graph: optimized(params) },
    { ...TEN_STEPS, options: { optimizer: TRAINED.options.optimizer } },
  ),
);

/**
 * Number of images per step and rate, chosen so that the loss decreases and PyTorch's own float32 stays near its
 * float64: ReLU and maximum are discontinuous in their gradients where rounding decides, and large rates amplify such
 * jumps.
 */
const COURSES = {
  'mnist-cnn-bn': { batch: 16, learningRate: 0.002 },
  'bn-mlp': { batch: 32, learningRate: 0.05 },
  'vgg-bn': { batch: 16, learningRate: 0.001 },
  resnet20: { batch: 16, learningRate: 0.0005 },
} as const;

/**
 * Twenty steps of each built-in network at its full image size, and a few of the deep ones at a small size for a slow
 * backend.
 */
export const TEMPLATE_CASES: readonly GoldenCase[] = [
  ...Object.entries(COURSES).map(([name, course]) =>
    withSettings(
      { family: 'template', name, graph: instantiateTemplate(name).graph },
      { ...TRAINED, ...course, steps: 20 },
    ),
  ),
  ...['vgg-bn', 'resnet20'].map((name) =>
    withSettings(
      {
        ...{ family: 'template', name: `${name}, small pictures` },
        graph: instantiateTemplate(name, { inputShape: [3, 8, 8] }).graph,
      },
      { ...TRAINED, batch: 8, learningRate: 0.002, steps: 3 },
    ),
  ),
];
