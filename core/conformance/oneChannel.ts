import { compile } from '../compile/compile.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { Params } from '../document/schema.ts';
import type { Program } from '../program/program.ts';
import type { Backend, ComputePrecision, Session } from '../backend/backend.ts';
import { PLAIN_SGD } from './experiment.ts';
import { network, type Body } from './networks.ts';

/** A backend and its precision. */
export interface Computer {
  readonly backend: Backend;
  readonly precision: ComputePrecision;
}

/**
 * One channel of a BatchNorm in compiled programs; the golden numbers of batchnorm-spec.md, section 5, are for one
 * channel.
 */
export class OneChannel {
  readonly session: Session;
  readonly #graph;

  constructor({ backend, precision }: Computer, params: Params, perFeature: boolean) {
    const body: Body = (add, input) =>
      add('batchNorm', [perFeature ? add('flatten', [input]) : input], { decay: 0.9, ...params });
    this.#graph = network([1, 1, 1], body);
    const program = this.#compile('train');
    this.session = backend.open(program.state, { threads: 1, precision });
    for (const slot of program.state.statistics) this.session.state[slot.offset] = slot.initial;
    this.set('batchNorm1.gamma', 1);
    // The first logit equals the normalized value.
    this.set('logits.weights', 1);
  }

  set(name: string, value: number): void {
    const slot = must(
      this.session.layout.parameters.find((one) => one.name === name),
      name,
    );
    this.session.state[slot.offset] = value;
  }

  /** One training step with this batch, at a learning rate of 0; `step` counts from 1. */
  train(batch: readonly number[], step = 1): { batchMean: number; batchVariance: number } {
    const prepared = this.session.prepare(this.#compile('train'), batch.length);
    const labels = new Int32Array(batch.length);
    prepared.run({ images: this.#floats(batch), labels }, { learningRate: 0, step, randomKey: 0 });
    const [batchMean = NaN, batchVariance = NaN] = prepared.batchStatistics;
    return { batchMean, batchVariance };
  }

  evaluate(x: number): number {
    const prepared = this.session.prepare(this.#compile('evaluate'), 1);
    prepared.run({ images: this.#floats([x]) }, { learningRate: 0, step: 1, randomKey: 0 });
    return prepared.logits[0] ?? NaN;
  }

  /** Running mean and variance. */
  get stored(): number[] {
    return this.session.layout.statistics.map(({ offset }) => this.session.state[offset] ?? NaN);
  }

  #floats(values: readonly number[]): Float32Array | Float64Array {
    return this.session.options.precision === 'f64' ? Float64Array.from(values) : Float32Array.from(values);
  }

  #compile(mode: 'train' | 'evaluate'): Program {
    return compile(this.#graph, { mode, input: { type: 'f32' }, optimizer: PLAIN_SGD, labelSmoothing: 0 });
  }
}
