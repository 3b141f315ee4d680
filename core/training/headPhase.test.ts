import { describe, expect, it } from 'vitest';
import type { Session } from '../backend/backend.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { GraphDocument } from '../document/schema.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import type { OptimizerSettings } from '../optimizers/registry.ts';
import { inEnglish } from '../words/catalogues.ts';
import { planEpoch } from './epochPlan.ts';
import { headEpochsOf, headPhaseGraph, headPhaseNote, lateStartOf } from './headPhase.ts';
import { LOOP_START, runLoop, type LoopPosition } from './loop.ts';
import { openSampler } from './sampler.ts';
import { memorySource, tinyDocument, tinyProgram, tinySession } from './testing/tinyRun.ts';

const IMAGES = 23;
const ADAM: OptimizerSettings = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const SGD: OptimizerSettings = { kind: 'sgd', momentum: 0.9, nesterov: false };

/** Runs until `between` has been called `calls` times, or to the end; `onStep` sees the state after each update. */
async function advance(
  document: GraphDocument,
  session: Session,
  from: LoopPosition,
  { calls = Infinity, onStep = () => undefined }: { calls?: number; onStep?: () => void } = {},
): ReturnType<typeof runLoop> {
  const { graph, training } = document;
  const { sampler, seed, shuffle } = training;
  const { updates } = planEpoch(IMAGES, training.batchSize, training.remainder, training.accumulate);
  const train = memorySource(IMAGES);
  let left = calls;
  return runLoop({
    session,
    settings: training,
    trainProgram: tinyProgram(document, 'train', 'raw', lateStartOf(graph, training, updates)),
    ...(headEpochsOf(training) === 0
      ? {}
      : { headProgram: tinyProgram({ ...document, graph: headPhaseGraph(graph) }, 'train') }),
    evaluateProgram: tinyProgram(document, 'evaluate'),
    train,
    validation: memorySource(7, 2),
    order: openSampler(sampler, { labels: train.labels, classNames: ['a', 'b', 'c'], seed, shuffle }),
    from,
    hooks: { between: () => Promise.resolve(left-- <= 0), onStep, onEpoch: () => undefined },
  });
}

function document(settings: Partial<TrainingSettings>): GraphDocument {
  return tinyDocument({ epochs: 3, batchSize: 6, learningRate: 0.01, headEpochs: 1, ...settings });
}

/** The names of the slots, statistics and moments that differ. */
function changed({ layout, state }: Session, before: ArrayLike<number>): string[] {
  const moments = layout.momentOffsets.flatMap((base) =>
    layout.parameters.map(({ name, offset, size }) => ({
      name: `moment of ${name}`,
      offset: base + offset,
      size,
    })),
  );
  return [...layout.parameters, ...layout.statistics, ...moments]
    .filter(({ offset, size }) =>
      state.subarray(offset, offset + size).some((value, i) => !Object.is(value, before[offset + i])),
    )
    .map(({ name }) => name);
}

describe('a run whose head trains first', () => {
  it.each([SGD, ADAM])(
    'leaves every bit of the trunk until then, and trains all after it ($kind)',
    async (optimizer) => {
      const one = document({ optimizer });
      const session = tinySession(one);
      const start = session.state.slice();
      const seen: string[][] = [];
      await advance(one, session, LOOP_START, { onStep: () => seen.push(changed(session, start)) });
      const moments = session.layout.moments;
      const head = ['dense1.weights', 'dense1.bias'];
      const trained = (names: readonly string[]): string[] => [
        ...names,
        ...Array.from({ length: moments }, () => names.map((name) => `moment of ${name}`)).flat(),
      ];
      // 23 images in batches of 6: four updates in an epoch.
      for (const names of seen.slice(0, 4)) expect(names).toEqual(trained(head));
      expect(new Set(seen[4])).toEqual(
        new Set([
          ...trained([...head, 'conv1.weights', 'bn1.gamma', 'bn1.beta']),
          ...['bn1.mean', 'bn1.variance'],
        ]),
      );
      expect(seen).toHaveLength(12);
    },
  );

  it.each([SGD, ADAM])(
    'ends with the same bits wherever it is stopped and resumed ($kind)',
    async (optimizer) => {
      const one = document({ optimizer, averaging: { kind: 'ema', decay: 0.9, validate: 'raw' } });
      const whole = tinySession(one);
      await advance(one, whole, LOOP_START);
      // Twelve updates, and two batches of validation after each of three epochs: 18 places to stop.
      for (let calls = 0; calls < 18; calls += 1) {
        const first = tinySession(one);
        const { position, finished } = await advance(one, first, LOOP_START, { calls });
        expect(finished).toBe(false);
        const second = tinySession(one);
        second.state.set(first.state);
        const kept = JSON.parse(JSON.stringify(position)) as LoopPosition;
        expect((await advance(one, second, kept)).finished).toBe(true);
        expect(second.state).toEqual(whole.state);
      }
    },
  );

  it('begins the trunk as Adam begins: the first update of a weight is the learning rate', async () => {
    const one = document({ optimizer: ADAM, schedule: { kind: 'constant' } });
    const session = tinySession(one);
    const states: number[][] = [];
    const slot = must(
      session.layout.parameters.find(({ name }) => name === 'conv1.weights'),
      'kernel',
    );
    await advance(one, session, LOOP_START, {
      onStep: () => states.push(Array.from(session.state.subarray(slot.offset, slot.offset + slot.size))),
    });
    const [before = [], after = []] = states.slice(3, 5);
    const steps = after.map((value, i) => Math.abs(value - (before[i] ?? NaN)));
    // Without its own bias correction, the first step would be 0.1 / sqrt(0.001), more than three times as large.
    for (const step of steps) expect(step).toBeCloseTo(0.01, 5);
  });

  it('is the same run without such epochs', async () => {
    const [none, absent] = [
      document({ headEpochs: 0 }),
      tinyDocument({ epochs: 3, batchSize: 6, learningRate: 0.01 }),
    ];
    const [a, b] = [tinySession(none), tinySession(absent)];
    await advance(none, a, LOOP_START);
    await advance(absent, b, LOOP_START);
    expect(a.state).toEqual(b.state);
  });

  it('keeps the frozen BatchNorm of the head phase out of the layout', () => {
    const one = document({});
    const phase = tinyProgram({ ...one, graph: headPhaseGraph(one.graph) }, 'train');
    const whole = tinyProgram(one, 'train');
    const places = ({ state }: typeof phase): unknown => ({
      ...state,
      parameters: state.parameters.map(({ name, offset, size }) => ({ name, offset, size })),
    });
    expect(places(phase)).toEqual(places(whole));
    expect(phase.instructions.length).toBeLessThan(whole.instructions.length);
    expect(
      phase.instructions.some(({ node, op }) => node === toNodeId('conv1') && op.includes('Backward')),
    ).toBe(false);
  });

  it('says when the trunk begins to train', () => {
    expect(inEnglish(headPhaseNote({ epochs: 5, headEpochs: 2 }, 40))).toContain(
      'In the first 2 epochs (80 updates) only the head trains',
    );
    expect(inEnglish(headPhaseNote({ epochs: 2, headEpochs: 9 }, 40))).toContain('all 2 epochs');
  });
});
