import { describe, expect, it } from 'vitest';
import { RUN_PHASES, type RunPhase, type RunState } from '#core/contract/run.ts';
import { actionsOf, isLive, nextWorkflow, type RunPlan, type Workflow } from './workflow.ts';

const PLAN: RunPlan = {
  trainImages: 90,
  validationImages: 10,
  classes: ['a', 'b'],
  stepsPerEpoch: 3,
  lastBatch: 26,
  precision: 'f32',
  threads: 2,
  memoryBytes: 1,
  notes: [],
  problems: [],
};
const state = (phase: RunPhase, runId = 'r1'): RunState => ({
  runId,
  name: 'r',
  phase,
  progress: null,
  epoch: 0,
  epochs: 1,
  step: 0,
  steps: 3,
  imagesPerSecond: 0,
  etaMs: null,
  precision: 'f32',
  threads: 2,
  backend: 'native',
  result: null,
  error: null,
  lastCheckpointAt: null,
});
const IDLE: Workflow = { kind: 'idle' };

describe('nextWorkflow', () => {
  it('goes from nothing over a plan to a run', () => {
    let now = nextWorkflow(IDLE, { kind: 'planAsked' });
    expect(now).toEqual({ kind: 'planning', plan: null });
    now = nextWorkflow(now, { kind: 'planCame', plan: PLAN });
    expect(now).toEqual({ kind: 'ready', plan: PLAN });
    now = nextWorkflow(now, { kind: 'startAsked' });
    expect(now.kind).toBe('starting');
    now = nextWorkflow(now, { kind: 'attached', state: state('preparing') });
    now = nextWorkflow(now, { kind: 'stateCame', state: state('running') });
    expect(now).toMatchObject({ kind: 'attached', state: { phase: 'running' } });
  });

  it('refuses a plan with problems, and does not start from there', () => {
    const problems = [{ code: 'batch-too-small', message: 'Too small.', where: 'bn1' }];
    const now = nextWorkflow(IDLE, { kind: 'planCame', plan: { ...PLAN, problems } });
    expect(now).toMatchObject({ kind: 'refused', problems });
    expect(nextWorkflow(now, { kind: 'startAsked' })).toBe(now);
  });

  it('keeps the old plan on the screen while a new one is made', () => {
    expect(nextWorkflow({ kind: 'ready', plan: PLAN }, { kind: 'planAsked' })).toEqual({
      kind: 'planning',
      plan: PLAN,
    });
  });

  it('is not moved by a plan that comes late', () => {
    const starting: Workflow = { kind: 'starting', plan: PLAN };
    expect(nextWorkflow(starting, { kind: 'planCame', plan: PLAN })).toBe(starting);
    const running: Workflow = { kind: 'attached', state: state('running') };
    expect(nextWorkflow(running, { kind: 'planCame', plan: PLAN })).toBe(running);
    expect(nextWorkflow(running, { kind: 'planAsked' })).toBe(running);
  });

  it('plans again after a run has ended', () => {
    const ended: Workflow = { kind: 'attached', state: state('finished') };
    expect(nextWorkflow(ended, { kind: 'planAsked' }).kind).toBe('planning');
  });

  it('takes states of its own run only', () => {
    const running: Workflow = { kind: 'attached', state: state('running') };
    expect(nextWorkflow(running, { kind: 'stateCame', state: state('failed', 'other') })).toBe(running);
  });

  it('tells a failed start as a refusal', () => {
    const problems = [{ code: 'disk-full', message: 'Full.' }];
    const now = nextWorkflow({ kind: 'starting', plan: PLAN }, { kind: 'refused', problems });
    expect(now).toEqual({ kind: 'refused', plan: PLAN, problems });
  });
});

describe('actionsOf', () => {
  it('never offers both start and pause, nor pause and resume', () => {
    for (const phase of RUN_PHASES) {
      const actions = actionsOf({ kind: 'attached', state: state(phase) });
      expect(actions.canStart).toBe(!isLive(state(phase)));
      expect(actions.canPause && actions.canResume).toBe(false);
      expect(actions.canPause && actions.canStart).toBe(false);
    }
  });

  it('offers what each phase can do', () => {
    const of = (phase: RunPhase) => actionsOf({ kind: 'attached', state: state(phase) });
    expect(of('running')).toEqual({ canStart: false, canPause: true, canResume: false, canStop: true });
    expect(of('paused')).toEqual({ canStart: false, canPause: false, canResume: true, canStop: true });
    expect(of('stopping')).toEqual({ canStart: false, canPause: false, canResume: false, canStop: false });
    expect(of('interrupted')).toEqual({ canStart: true, canPause: false, canResume: true, canStop: false });
    expect(actionsOf({ kind: 'starting', plan: PLAN }).canStart).toBe(false);
  });

  it('offers to take up what the world has stopped, from its last checkpoint', () => {
    const failed = (code: string, lastCheckpointAt: number | null) =>
      actionsOf({
        kind: 'attached',
        state: { ...state('failed'), lastCheckpointAt, error: { code, message: 'x' } },
      }).canResume;
    expect(failed('disk-full', 5)).toBe(true);
    expect(failed('disk-full', null)).toBe(false);
    expect(failed('diverged', 5)).toBe(false);
  });
});
