import fc from 'fast-check';
import type { Params } from '../document/schema.ts';
import { bodyCase, type ConformanceCase } from './conformanceCase.ts';
import type { Add, Link } from './networks.ts';
import type { NodeId } from '../diagnostics/ids.ts';

/** The input on which a block is tested: channels of an image, its size, and the batch. */
interface Setting {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly batch: number;
}

const setting = fc.record({
  channels: fc.constantFrom(2, 3, 8, 12, 16, 17, 24, 32),
  height: fc.integer({ min: 2, max: 7 }),
  width: fc.integer({ min: 2, max: 7 }),
  batch: fc.integer({ min: 1, max: 5 }),
});

/**
 * Blocks whose derivative has a jump. Rounding in an earlier block could move a value across it, so they are applied
 * directly to the input.
 */
const KINKED: ReadonlySet<string> = new Set([
  'relu',
  'relu6',
  'leakyRelu',
  'prelu',
  'elu',
  'hardSwish',
  'hardSigmoid',
]);

const switches = fc.record({ gamma: fc.boolean(), beta: fc.boolean() });
const epsilon = fc.constantFrom(1e-3, 1e-2, 0.5);

/** Parameters of each kind, for images or vectors with the channels of the setting. */
const PARAMS: Readonly<Record<string, (setting: Setting) => fc.Arbitrary<Params>>> = {
  relu: () => fc.constant({}),
  relu6: () => fc.constant({}),
  leakyRelu: () => fc.record({ alpha: fc.constantFrom(0, 0.01, 0.3, 1) }),
  prelu: () => fc.record({ shared: fc.boolean() }),
  elu: () => fc.record({ alpha: fc.constantFrom(0.5, 1) }),
  gelu: () => fc.record({ form: fc.constantFrom('erf', 'tanh') }),
  silu: () => fc.constant({}),
  hardSwish: () => fc.constant({}),
  sigmoid: () => fc.constant({}),
  hardSigmoid: () => fc.constant({}),
  tanh: () => fc.constant({}),
  softmax: () => fc.constant({}),
  dropout: () => fc.record({ rate: fc.constantFrom(0, 0.2, 0.9) }),
  spatialDropout: () => fc.record({ rate: fc.constantFrom(0, 0.2, 0.6) }),
  stochasticDepth: () => fc.record({ rate: fc.constantFrom(0, 0.2, 0.6) }),
  flatten: () => fc.constant({}),
  dense: () => fc.record({ units: fc.constantFrom(1, 5, 17, 33), bias: fc.boolean() }),
  add: () => fc.record({ inputs: fc.integer({ min: 2, max: 4 }) }),
  concat: () => fc.record({ inputs: fc.integer({ min: 2, max: 4 }) }),
  layerNorm: () =>
    fc
      .record({
        switches,
        epsilon,
        over: fc.constantFrom('wholeSample', 'eachPixel'),
        affine: fc.constantFrom('eachValue', 'eachChannel'),
      })
      .map(({ switches: on, ...rest }) => ({ ...on, ...rest })),
  groupNorm: ({ channels }) =>
    fc
      .record({ switches, epsilon, groups: fc.constantFrom(...divisors(channels)) })
      .map(({ switches: on, ...rest }) => ({ ...on, ...rest })),
  instanceNorm: () =>
    fc.record({ switches, epsilon }).map(({ switches: on, ...rest }) => ({ ...on, ...rest })),
};

export const SHAPED_KINDS: readonly string[] = Object.keys(PARAMS);

/** Divisors of the number of channels for which a group of a vector has at least two values. */
function divisors(channels: number): number[] {
  return Array.from({ length: channels }, (_, index) => index + 1).filter(
    (groups) => channels % groups === 0 && channels / groups > 1,
  );
}

/** Networks with one block of `kind`, on images and, where the block accepts them, on vectors of any size. */
export function shapedCase(kind: string): fc.Arbitrary<ConformanceCase> {
  const ofVectors = kind === 'dense' ? fc.constant(true) : fc.boolean();
  const onlyImages = ['instanceNorm', 'spatialDropout'].includes(kind);
  return fc
    .record({ setting, ofVectors: onlyImages ? fc.constant(false) : ofVectors })
    .chain(({ setting: at, ofVectors: flat }) =>
      (PARAMS[kind]?.(at) ?? fc.constant({})).map((params) => caseOf([kind, params], at, flat)),
    );
}

function caseOf([kind, params = {}]: Link, at: Setting, flat: boolean): ConformanceCase {
  const name = `${kind} ${JSON.stringify(params)} of ${JSON.stringify(at)}${flat ? ' as vectors' : ''}`;
  const merges = kind === 'add' || kind === 'concat' ? Number(params.inputs) : 1;
  return bodyCase(name, [3, at.height, at.width], at.batch, (add, input) => {
    const sources = Array.from({ length: merges }, () => sourceOf(kind, add, input, at, flat));
    return add(kind, sources, params);
  });
}

function sourceOf(kind: string, add: Add, input: NodeId, at: Setting, flat: boolean): NodeId {
  if (KINKED.has(kind)) return flat ? add('flatten', [input]) : input;
  if (!flat) return add('conv2d', [input], { filters: at.channels, kernel: 1 });
  return add('dense', [add('flatten', [input])], { units: at.channels });
}
