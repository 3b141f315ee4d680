import { describe, expect, it } from 'vitest';
import { runStateSchema, type RunState } from '#core/contract/run.ts';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import type { RunResult } from '#core/contract/runResult.ts';
import { asIs, message } from '#core/words/message.ts';
import type { TrainEvent, TrainPlan } from '../../training/trainEvents.ts';
import { newRunState } from '../../runs/list/newRunState.ts';
import { afterEvent, afterFailure, afterFinish, timeLeftMs } from './runState.ts';

const PLAN: TrainPlan = {
  type: 'plan',
  name: 'net',
  run: '/runs/net',
  classNames: ['a', 'b'],
  trainImages: 40,
  validationImages: 4,
  skipped: [],
  epochs: 3,
  stepsPerEpoch: 10,
  steps: 30,
  fromStep: 0,
  fromEpoch: 0,
  precision: 'f32',
  threads: 2,
  backend: 'native',
  backendDescription: 'oneDNN',
  notes: [],
};
const RESULT: RunResult = {
  run: '/runs/net',
  epochs: 3,
  steps: 30,
  train: { loss: 0.1, accuracy: 1 },
  val: null,
  seconds: 1,
  imagesPerSecond: 100,
  precision: 'f32',
};

function step(number: number): MetricEvent {
  const epoch = number / 10;
  return {
    kind: 'step',
    step: number,
    epoch,
    loss: 1,
    accuracy: 0.5,
    lr: 0.1,
    imagesPerSecond: 50,
    elapsedMs: 1,
  };
}

function after(...events: TrainEvent[]): RunState {
  return events.reduce(afterEvent, newRunState('id', 'net'));
}

describe('the state of a run', () => {
  it('begins with preparing', () => {
    expect(newRunState('id', 'net')).toMatchObject({
      phase: 'preparing',
      step: 0,
      result: null,
      error: null,
    });
  });

  it('shows preparation, and forgets it when the plan stands', () => {
    const preparing = after({ type: 'progress', label: message('work.decoding'), done: 3, total: null });
    expect(preparing.progress).toEqual({ label: message('work.decoding'), done: 3, total: 0 });
    const planned = afterEvent(preparing, PLAN);
    expect(planned).toMatchObject({
      progress: null,
      steps: 30,
      epochs: 3,
      step: 0,
      threads: 2,
      precision: 'f32',
    });
  });

  it('of a resumed run begins where the checkpoint stands', () => {
    // Twelve steps per epoch at the start, ten now: the checkpoint says where the run is.
    expect(after({ ...PLAN, fromStep: 30, fromEpoch: 2.5 })).toMatchObject({ step: 30, epoch: 2.5 });
  });

  it('follows the last metric of a batch', () => {
    const epochEnd: MetricEvent = {
      kind: 'epoch',
      step: 10,
      epoch: 1,
      loss: 1,
      accuracy: 0.5,
      valLoss: null,
      valAccuracy: null,
      lr: 0.1,
      elapsedMs: 9,
    };
    const statistics: MetricEvent = { kind: 'statistics', step: 10, layers: [] };
    const state = after(PLAN, {
      type: 'metrics',
      first: 0,
      events: [step(9), step(10), epochEnd, statistics],
    });
    expect(state).toMatchObject({ step: 10, epoch: 1, imagesPerSecond: 50 });
  });

  it('keeps a stop that was asked for through the last words of the trainer', () => {
    const stopping: RunState = { ...after(PLAN), phase: 'stopping' };
    expect(afterEvent(stopping, { type: 'phase', phase: 'running' }).phase).toBe('stopping');
    expect(afterEvent(stopping, { type: 'phase', phase: 'paused' }).phase).toBe('stopping');
  });

  it('pauses and goes on', () => {
    const paused = after(PLAN, { type: 'phase', phase: 'running' }, { type: 'phase', phase: 'paused' });
    expect(paused.phase).toBe('paused');
    expect(afterEvent(paused, { type: 'phase', phase: 'running' }).phase).toBe('running');
  });

  it('remembers when the last checkpoint was written', () => {
    const best = { epoch: 1, step: 4, valAccuracy: 0.5, valLoss: 1 };
    const state = after(PLAN, { type: 'checkpoint', step: 5, atMs: 99, best });
    expect(state).toMatchObject({ lastCheckpointAt: 99, lastCheckpointStep: 5, best });
  });

  it('knows when the first checkpoint is due, until there is one', () => {
    const begun = after(PLAN, { type: 'phase', phase: 'running', nextCheckpointAtMs: 1234 });
    expect(begun.firstCheckpointDueAt).toBe(1234);
    const saved = afterEvent(begun, { type: 'checkpoint', step: 5, atMs: 99, best: null });
    expect(saved.firstCheckpointDueAt).toBeNull();
    const resumed = afterEvent(saved, { type: 'phase', phase: 'running', nextCheckpointAtMs: 9999 });
    expect(resumed.firstCheckpointDueAt).toBeNull();
    expect(afterFailure(begun, { code: 'io', message: asIs('x') }).firstCheckpointDueAt).toBeNull();
  });

  it('ends finished, stopped or failed', () => {
    const running = after(PLAN, { type: 'metrics', first: 0, events: [step(12)] });
    expect(afterFinish(running, RESULT)).toMatchObject({
      phase: 'finished',
      step: 30,
      epoch: 3,
      result: RESULT,
    });
    const stopped = afterFailure(running, { code: 'interrupted', message: asIs('Saved.') });
    expect(stopped).toMatchObject({ phase: 'stopped', error: null, step: 12 });
    const error = { code: 'disk-full', message: asIs('The disk is full.') } as const;
    expect(afterFailure(running, error)).toMatchObject({ phase: 'failed', error, step: 12 });
  });

  it('fits the contract at every station', () => {
    const stations = [
      newRunState('id', 'net'),
      after({ type: 'progress', label: message('work.scanning'), done: 0, total: 4 }),
      after(PLAN),
      afterFinish(after(PLAN), RESULT),
      afterFailure(after(PLAN), { code: 'internal', message: asIs('x') }),
    ];
    for (const state of stations) expect(runStateSchema.parse(state)).toEqual(state);
  });

  it('is never changed in place', () => {
    const state = Object.freeze(newRunState('id', 'net'));
    afterEvent(state, PLAN);
    afterEvent(state, { type: 'metrics', first: 0, events: [step(1)] });
    afterFinish(state, RESULT);
    expect(state).toEqual(newRunState('id', 'net'));
  });
});

describe('the time left', () => {
  const running: RunState = { ...after(PLAN), phase: 'running' };

  it('is the pace since the session began times the steps left', () => {
    expect(timeLeftMs({ ...running, step: 10 }, 0, 1000)).toBe(2000);
    expect(timeLeftMs({ ...running, step: 25 }, 15, 1000)).toBe(500);
    expect(timeLeftMs({ ...running, step: 30 }, 0, 1000)).toBe(0);
  });

  it('is not told before ten steps, nor while nothing runs', () => {
    expect(timeLeftMs({ ...running, step: 9 }, 0, 1000)).toBeNull();
    expect(timeLeftMs({ ...running, step: 20 }, 15, 1000)).toBeNull();
    expect(timeLeftMs({ ...running, phase: 'paused', step: 20 }, 0, 1000)).toBeNull();
  });
});
