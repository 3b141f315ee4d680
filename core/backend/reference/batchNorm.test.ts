import { describe, expect, it } from 'vitest';
import type { Params } from '../../document/schema.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { PLAIN_SGD } from '../conformance/experiment.ts';
import { expectAllClose } from '../conformance/expectAllClose.ts';
import { network, type Body } from '../conformance/networks.ts';
import { SIX_DECIMALS } from '../conformance/tolerances.ts';
import { compile } from '../../compile/compile.ts';
import type { Session } from '../backend.ts';
import { referenceBackend } from './referenceBackend.ts';

/** One channel through real programs; the numbers are those of batchnorm-spec.md, section 5. */
class OneChannel {
  readonly #session: Session;
  readonly #graph;

  constructor(params: Params, perFeature: boolean) {
    const body: Body = (add, input) =>
      add('batchNorm', [perFeature ? add('flatten', [input]) : input], { decay: 0.9, ...params });
    this.#graph = network([1, 1, 1], body);
    const program = this.#compile('train');
    this.#session = referenceBackend.open(program.state, { threads: 1, precision: 'f64' });
    for (const slot of program.state.statistics) this.#session.state[slot.offset] = slot.initial;
    this.set('batchNorm1.gamma', 1);
    // The first logit is the normalized value itself.
    this.set('logits.weights', 1);
  }

  set(name: string, value: number): void {
    const slot = must(
      this.#session.layout.parameters.find((one) => one.name === name),
      name,
    );
    this.#session.state[slot.offset] = value;
  }

  train(batch: readonly number[]): { batchMean: number; batchVariance: number } {
    const prepared = this.#session.prepare(this.#compile('train'), batch.length);
    const labels = new Int32Array(batch.length);
    prepared.run({ images: Float64Array.from(batch), labels }, { learningRate: 0, step: 1, randomKey: 0 });
    const [batchMean = NaN, batchVariance = NaN] = prepared.batchStatistics;
    return { batchMean, batchVariance };
  }

  evaluate(x: number): number {
    const prepared = this.#session.prepare(this.#compile('evaluate'), 1);
    prepared.run({ images: Float64Array.of(x) }, { learningRate: 0, step: 1, randomKey: 0 });
    return prepared.logits[0] ?? NaN;
  }

  get stored(): number[] {
    return this.#session.layout.statistics.map(({ offset }) => this.#session.state[offset] ?? NaN);
  }

  #compile(mode: 'train' | 'evaluate') {
    return compile(this.#graph, { mode, input: { type: 'f32' }, optimizer: PLAIN_SGD, labelSmoothing: 0 });
  }
}

const FIRST = [1, 2, 3, 4];
const SECOND = [5, 6, 7, 8];

describe.each([
  ['per channel', false],
  ['per feature', true],
])('golden numbers, %s', (_, perFeature) => {
  it('measures the batch', () => {
    const channel = new OneChannel({}, perFeature);
    expect(channel.train(FIRST)).toEqual({ batchMean: 2.5, batchVariance: 1.25 });
    expect(channel.train(SECOND)).toEqual({ batchMean: 6.5, batchVariance: 1.25 });
    expect(channel.train([...FIRST, ...SECOND])).toEqual({ batchMean: 4.5, batchVariance: 5.25 });
  });

  it('stores as PyTorch: unbiased', () => {
    const channel = new OneChannel({ variance: 'unbiased' }, perFeature);
    channel.train(FIRST);
    expectAllClose(channel.stored, [0.25, 1.066667], SIX_DECIMALS, 'after the first batch');
    channel.train(SECOND);
    expectAllClose(channel.stored, [0.875, 1.126667], SIX_DECIMALS, 'after the second batch');
  });

  it('stores as Keras 3 and ONNX: biased', () => {
    const channel = new OneChannel({ variance: 'biased' }, perFeature);
    channel.train(FIRST);
    expectAllClose(channel.stored, [0.25, 1.025], SIX_DECIMALS, 'after the first batch');
    channel.train(SECOND);
    expectAllClose(channel.stored, [0.875, 1.0475], SIX_DECIMALS, 'after the second batch');
  });

  it.each([
    [1e-5, 2.619741],
    [1e-3, 2.618811],
  ])('evaluates by what is stored, eps %f', (epsilon, expected) => {
    const channel = new OneChannel({ epsilon }, perFeature);
    channel.train(FIRST);
    channel.train(SECOND);
    channel.set('batchNorm1.gamma', 2);
    channel.set('batchNorm1.beta', 0.5);
    expectAllClose([channel.evaluate(2)], [expected], SIX_DECIMALS, 'y(2)');
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('corrects the stored variance by m/(m-1) for m = %i', (m) => {
    const batch = Array.from({ length: m }, (__, i) => i * i);
    const unbiased = new OneChannel({ decay: 0, variance: 'unbiased' }, perFeature);
    const biased = new OneChannel({ decay: 0, variance: 'biased' }, perFeature);
    const { batchVariance } = unbiased.train(batch);
    biased.train(batch);
    expect(unbiased.stored[1]).toBeCloseTo((batchVariance * m) / (m - 1), 12);
    expect(biased.stored[1]).toBe(batchVariance);
  });

  it('never moves with decay 1, follows the last batch alone with decay 0', () => {
    const still = new OneChannel({ decay: 1 }, perFeature);
    still.train(FIRST);
    expect(still.stored).toEqual([0, 1]);
    const last = new OneChannel({ decay: 0, variance: 'biased' }, perFeature);
    last.train(FIRST);
    last.train(SECOND);
    expect(last.stored).toEqual([6.5, 1.25]);
  });
});

describe('one value per channel', () => {
  it('is refused where the variance has no unbiased estimate', () => {
    const channel = new OneChannel({}, true);
    expect(() => channel.train([3])).toThrow(/one value per channel/);
  });
  it('stores variance 0 by the biased one', () => {
    const channel = new OneChannel({ variance: 'biased', decay: 0 }, true);
    channel.train([3]);
    expect(channel.stored).toEqual([3, 0]);
  });
});

it('weighs the initial value under 1 % after 44 steps of decay 0.9', () => {
  const channel = new OneChannel({ variance: 'biased' }, false);
  const weights = Array.from({ length: 44 }, () => {
    channel.train([0, 0]);
    return channel.stored[1] ?? NaN;
  });
  expect(weights.findIndex((weight) => weight < 0.01) + 1).toBe(44);
});
