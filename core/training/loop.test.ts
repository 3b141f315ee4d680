import { describe, expect, it } from 'vitest';
import type { Session } from '../backend/backend.ts';
import type { FloatArray } from '../program/floatArray.ts';
import { AppError } from '../diagnostics/appError.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { GraphDocument } from '../document/schema.ts';
import { REMAINDER_POLICIES } from '../document/trainingSettings.ts';
import type { OptimizerSettings } from '../optimizers/registry.ts';
import { LOOP_START, runLoop, type EpochReport, type LoopPosition, type StepReport } from './loop.ts';
import { openSampler } from './sampler.ts';
import { memorySource, tinyDocument, tinyProgram, tinySession } from './testing/tinyRun.ts';

interface Trace {
  session: Session;
  steps: Omit<StepReport, 'prepared' | 'program'>[];
  epochs: EpochReport[];
}

function begin(document: GraphDocument): Trace {
  return { session: tinySession(document), steps: [], epochs: [] };
}

function averages({ training }: GraphDocument): boolean {
  return training.averaging.kind !== 'none';
}

/** Runs until `between` has been called `calls` times, or to the end. */
async function advance(document: GraphDocument, trace: Trace, from: LoopPosition, calls = Infinity) {
  let left = calls;
  const train = memorySource(23);
  const { sampler, seed, shuffle } = document.training;
  return runLoop({
    session: trace.session,
    settings: document.training,
    trainProgram: tinyProgram(document, 'train'),
    evaluateProgram: tinyProgram(document, 'evaluate', averages(document) ? 'average' : 'raw'),
    ...(averages(document) ? { rawProgram: tinyProgram(document, 'evaluate') } : {}),
    train,
    validation: memorySource(7, 2),
    order: openSampler(sampler, { labels: train.labels, classNames: ['a', 'b', 'c'], seed, shuffle }),
    from,
    hooks: {
      between: () => Promise.resolve(left-- <= 0),
      onStep: ({ prepared: _, program: __, ...report }) => trace.steps.push(report),
      onEpoch: (report) => trace.epochs.push(report),
    },
  });
}

function cumulative(document: GraphDocument): GraphDocument {
  const id = toNodeId('bn1');
  const norm = must(document.graph.nodes[id], 'BatchNorm block');
  const changed = { ...norm, params: { averaging: 'cumulative', variance: 'biased' } };
  return { ...document, graph: { ...document.graph, nodes: { ...document.graph.nodes, [id]: changed } } };
}

/** Prepares programs that append the statistics of each training batch to `measured`. */
function recording(session: Session, measured: FloatArray[]): Session['prepare'] {
  return (program, batch) => {
    const prepared = session.prepare(program, batch);
    return {
      ...prepared,
      run: (feed, scalars) => {
        prepared.run(feed, scalars);
        if (program.optimizer !== null) measured.push(prepared.batchStatistics.slice());
      },
    };
  };
}

const OPTIMIZERS: OptimizerSettings[] = [
  { kind: 'rmsprop', alpha: 0.99, epsilon: 1e-8, momentum: 0.5, centered: true },
  { kind: 'lion', beta1: 0.9, beta2: 0.99 },
  { kind: 'sgd', momentum: 0.9, nesterov: false },
  { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
];

describe('runLoop', () => {
  it.each(OPTIMIZERS)(
    'ends with the same bits wherever it is stopped and resumed ($kind)',
    async (optimizer) => {
      const document = tinyDocument({
        optimizer,
        learningRate: 0.01,
        warmupSteps: 3,
        l1: 1e-4,
        l2: 1e-3,
        labelSmoothing: 0.1,
      });
      const whole = begin(document);
      expect((await advance(document, whole, LOOP_START)).finished).toBe(true);
      expect(whole.steps).toHaveLength(10);
      expect(whole.epochs).toHaveLength(2);
      // 10 steps and 2 epochs of 2 validation batches: 14 places to stop.
      for (let calls = 0; calls < 14; calls += 1) {
        const first = begin(document);
        const stop = await advance(document, first, LOOP_START, calls);
        expect(stop.finished).toBe(false);
        const second = { ...begin(document), steps: first.steps, epochs: first.epochs };
        second.session.state.set(first.session.state);
        const position = JSON.parse(JSON.stringify(stop.position)) as LoopPosition;
        expect((await advance(document, second, position)).finished).toBe(true);
        expect(Buffer.from(second.session.state.buffer).equals(Buffer.from(whole.session.state.buffer))).toBe(
          true,
        );
        expect(second.steps).toEqual(whole.steps);
        expect(second.epochs).toEqual(whole.epochs);
      }
    },
  );

  it('ends with the same bits wherever it is stopped, gathering batches and averaging weights', async () => {
    const document = tinyDocument({
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
      loss: { kind: 'focal', gamma: 2, alpha: 0.5 },
      classWeights: [1, 3, 0.5],
      clipping: { kind: 'norm', limit: 0.5 },
      accumulate: 2,
      averaging: { kind: 'ema', decay: 0.9, validate: 'both' },
    });
    const whole = begin(document);
    expect((await advance(document, whole, LOOP_START)).finished).toBe(true);
    // 5 batches per epoch, 2 per update.
    expect(whole.steps.map(({ samples }) => samples)).toEqual([10, 10, 3, 10, 10, 3]);
    expect(whole.steps.every(({ gradientNorm }) => gradientNorm > 0)).toBe(true);
    for (let calls = 0; calls < 6 + 2 * 4; calls += 1) {
      const first = begin(document);
      const stop = await advance(document, first, LOOP_START, calls);
      expect(stop.finished).toBe(false);
      const second = { ...begin(document), steps: first.steps, epochs: first.epochs };
      second.session.state.set(first.session.state);
      const position = JSON.parse(JSON.stringify(stop.position)) as LoopPosition;
      expect((await advance(document, second, position)).finished).toBe(true);
      expect(second.session.state).toEqual(whole.session.state);
      expect(second.steps).toEqual(whole.steps);
      expect(second.epochs).toEqual(whole.epochs);
    }
  });

  describe('with cumulative averages and three batches an update', () => {
    const document = cumulative(tinyDocument({ accumulate: 3 }));

    it('stores the plain mean over all batches of all epochs', async () => {
      const trace = begin(document);
      const measured: FloatArray[] = [];
      const session = { ...trace.session, prepare: recording(trace.session, measured) };
      await advance(document, { ...trace, session }, LOOP_START);
      // 5 batches per epoch, in updates of 3 and 2.
      expect(trace.steps.map(({ samples }) => samples)).toEqual([15, 8, 15, 8]);
      expect(measured).toHaveLength(10);
      const { statisticsOffset } = session.layout;
      for (const at of must(measured[0], 'statistics').keys()) {
        const mean = measured.reduce((sum, one) => sum + must(one[at], 'statistic'), 0) / 10;
        expect(session.state[statisticsOffset + at]).toBeCloseTo(mean, 12);
      }
    });

    it('ends with the same bits wherever it is stopped', async () => {
      const whole = begin(document);
      await advance(document, whole, LOOP_START);
      for (let calls = 0; calls < 4 + 2 * 2; calls += 1) {
        const first = begin(document);
        const { position } = await advance(document, first, LOOP_START, calls);
        const second = begin(document);
        second.session.state.set(first.session.state);
        await advance(document, second, position);
        expect(second.session.state).toEqual(whole.session.state);
      }
    });
  });

  it('validates averages and raw weights, each by its own', async () => {
    const document = tinyDocument({ epochs: 1, averaging: { kind: 'ema', decay: 0.999, validate: 'both' } });
    const trace = begin(document);
    await advance(document, trace, LOOP_START);
    const [epoch] = trace.epochs;
    expect(epoch?.rawValidation?.loss).toBeGreaterThan(0);
    expect(epoch?.rawValidation?.loss).not.toBe(epoch?.validation?.loss);
  });

  it('counts updates, not batches, in schedules', async () => {
    const settings = { schedule: { kind: 'cosine', finalFraction: 0 }, learningRate: 0.1 } as const;
    const gathered = begin(tinyDocument({ ...settings, accumulate: 5 }));
    await advance(tinyDocument({ ...settings, accumulate: 5 }), gathered, LOOP_START);
    // Two updates in all: cosine at 0 and at one half.
    expect(gathered.steps.map(({ learningRate }) => learningRate)).toEqual([0.1, expect.closeTo(0.05, 12)]);
  });

  it('learns, and reports sample-weighted means', async () => {
    const document = tinyDocument({ epochs: 12, learningRate: 0.05 });
    const trace = begin(document);
    const { position } = await advance(document, trace, LOOP_START);
    expect(position.lastEpoch?.train.accuracy).toBeGreaterThan(0.8);
    expect(position.lastEpoch?.validation?.accuracy).toBeGreaterThan(0.6);
    const first = trace.steps.slice(0, 5);
    const mean = first.reduce((sum, { loss, samples }) => sum + loss * samples, 0) / 23;
    expect(trace.epochs[0]?.loss).toBeCloseTo(mean, 12);
    expect(first.map(({ samples }) => samples)).toEqual([5, 5, 5, 5, 3]);
    expect(first.at(-1)?.epoch).toBe(1);
  });

  it.each(REMAINDER_POLICIES)('takes the batches of the remainder policy %s', async (remainder) => {
    const document = tinyDocument({ epochs: 1, remainder });
    const trace = begin(document);
    await advance(document, trace, LOOP_START);
    const sizes = { keep: [5, 5, 5, 5, 3], drop: [5, 5, 5, 5], merge: [5, 5, 5, 8] }[remainder];
    expect(trace.steps.map(({ samples }) => samples)).toEqual(sizes);
  });

  it('validates without touching the state', async () => {
    const document = tinyDocument({ epochs: 1 });
    const trace = begin(document);
    const beforeValidation = await advance(document, trace, LOOP_START, 5);
    expect(beforeValidation.position).toMatchObject({ epoch: 0, batch: 5 });
    const before = trace.session.state.slice();
    const after = await advance(document, trace, beforeValidation.position);
    expect(after.position).toMatchObject({ epoch: 1, batch: 0, step: 5 });
    expect(after.position.lastEpoch?.validation?.loss).toBeGreaterThan(0);
    expect(trace.session.state).toEqual(before);
  });

  it('gives another run to another seed', async () => {
    const bytes = async (seed: number) => {
      const document = tinyDocument({ seed, epochs: 1 });
      const trace = begin(document);
      await advance(document, trace, LOOP_START);
      return trace.session.state;
    };
    expect(await bytes(1)).not.toEqual(await bytes(2));
  });

  it('stops at a loss that is not finite, saying where and what to try', async () => {
    const document = tinyDocument({ learningRate: 1e200, schedule: { kind: 'constant' } });
    const thrown = await advance(document, begin(document), LOOP_START).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: 'diverged' });
    expect((thrown as AppError).message).toMatch(
      /step \d+ \(epoch \d+\).*learning rate 1e\+200; try a learning rate of 1e\+199/,
    );
  });
});
