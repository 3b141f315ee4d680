import { describe, expect, it } from 'vitest';
import { RUN_PHASES, type RunPhase, type RunState } from '#core/contract/run.ts';
import { asIs } from '#core/words/message.ts';
import { REMOTE, runFixture } from './testing/runFixture.ts';
import {
  actionsOf,
  actionsOnRun,
  answerToTrain,
  isLive,
  isMoving,
  nextWorkflow,
  withEvent,
  withoutRun,
  withState,
  workflowOf,
  type RunPlan,
  type Workflow,
  type Workflows,
} from './workflow.ts';

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
const state = (phase: RunPhase, runId = 'r1'): RunState => runFixture({ phase, runId, lastCheckpointAt: 5 });
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
    const problems = [{ code: 'batch-too-small', message: asIs('Too small.'), where: 'bn1' }];
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
    const problems = [{ code: 'disk-full', message: asIs('Full.') }];
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
        state: { ...state('failed'), lastCheckpointAt, error: { code, message: asIs('x') } },
      }).canResume;
    expect(failed('disk-full', 5)).toBe(true);
    expect(failed('disk-full', null)).toBe(false);
    expect(failed('diverged', 5)).toBe(false);
    for (const phase of ['stopped', 'interrupted'] as const)
      expect(actionsOnRun(runFixture({ phase, lastCheckpointAt: null })).canResume).toBe(false);
  });
});

describe('the workflows of several projects', () => {
  const NONE: Workflows = new Map();
  const running = runFixture({ phase: 'running' });

  it('stand apart: a run moves only the project that it belongs to', () => {
    const planned = withEvent(NONE, 'p2', { kind: 'planCame', plan: PLAN });
    const all = withState(planned, running);
    expect(workflowOf(all, 'p1')).toEqual({ kind: 'attached', state: running });
    expect(workflowOf(all, 'p2')).toEqual({ kind: 'ready', plan: PLAN });
    expect(workflowOf(all, 'p3')).toEqual(IDLE);
  });

  it('follow a run that was started elsewhere, and one that ends, but bring no ended one back', () => {
    let all = withState(NONE, running);
    all = withState(all, { ...running, phase: 'finished' });
    expect(workflowOf(all, 'p1')).toMatchObject({ kind: 'attached', state: { phase: 'finished' } });
    expect(withState(NONE, runFixture({ phase: 'stopped' }))).toEqual(NONE);
    const next = withState(all, { ...running, runId: 'r2', phase: 'preparing' });
    expect(workflowOf(next, 'p1')).toMatchObject({ state: { runId: 'r2' } });
    expect(withState(next, { ...running, phase: 'failed' })).toBe(next);
  });

  it('have a run without a known project followed by nobody', () => {
    expect(withState(NONE, { ...running, project: null })).toBe(NONE);
  });

  it('let go of a run that was deleted', () => {
    const all = withState(NONE, { ...running, phase: 'running' });
    expect(workflowOf(withoutRun(all, 'r1'), 'p1')).toEqual(IDLE);
    expect(withoutRun(all, 'r2')).toBe(all);
  });
});

describe('answerToTrain', () => {
  const READY: Workflow = { kind: 'ready', plan: PLAN };
  const REFUSED: Workflow = { kind: 'refused', plan: PLAN, problems: [] };
  const answer = (workflow: Workflow, now: Partial<Parameters<typeof answerToTrain>[0]> = {}) =>
    answerToTrain({ workflow, blocker: null, isPlanInView: false, skipsPlan: false, ...now });

  it('shows what stands in the way, with the card of an old run open too', () => {
    const old: Workflow = { kind: 'attached', state: state('finished') };
    for (const workflow of [IDLE, READY, old]) {
      expect(answer(workflow, { blocker: 'noData' })).toBe('showReason');
      expect(answer(workflow, { blocker: 'otherRun', skipsPlan: true, isPlanInView: true })).toBe(
        'showReason',
      );
    }
    expect(answer(REFUSED)).toBe('showReason');
    expect(answer(REFUSED, { skipsPlan: true })).toBe('showReason');
  });

  it('shows the plan before a start, and starts once it was seen', () => {
    expect(answer(IDLE)).toBe('showPlan');
    expect(answer(READY)).toBe('showPlan');
    expect(answer({ kind: 'planning', plan: null }, { isPlanInView: true })).toBe('showPlan');
    expect(answer(READY, { isPlanInView: true })).toBe('start');
    expect(answer(IDLE, { skipsPlan: true })).toBe('start');
    expect(answer(REFUSED, { isPlanInView: true })).toBe('start');
  });

  it('shows the run while one trains or is about to', () => {
    for (const phase of RUN_PHASES)
      expect(answer({ kind: 'attached', state: state(phase) }, { skipsPlan: true })).toBe(
        isLive(state(phase)) ? 'showRun' : 'start',
      );
    expect(answer({ kind: 'starting', plan: PLAN })).toBe('showRun');
  });
});

describe('actionsOnRun', () => {
  it('lets only an ended run be deleted, exported and measured', () => {
    for (const phase of RUN_PHASES) {
      const { canDelete, hasWeights } = actionsOnRun(state(phase));
      expect([canDelete, hasWeights]).toEqual([!isLive(state(phase)), !isLive(state(phase))]);
    }
    expect(actionsOnRun(runFixture({ phase: 'stopped' })).hasWeights).toBe(false);
  });
});

describe('a run that trains elsewhere', () => {
  it('cannot be controlled, resumed, deleted or exported here, in any phase', () => {
    for (const phase of RUN_PHASES) {
      const far = runFixture({ phase, remote: REMOTE });
      expect(isLive(far)).toBe(false);
      expect(Object.values(actionsOnRun(far)).some(Boolean)).toBe(false);
    }
    const phases = RUN_PHASES.filter((phase) => isMoving(runFixture({ phase, remote: REMOTE })));
    expect(phases).toEqual(['running', 'silent', 'away']);
  });

  it('does not keep its project from training here', () => {
    const all = withState(new Map(), runFixture({ phase: 'running', remote: REMOTE }));
    expect(workflowOf(all, 'p1')).toEqual(IDLE);
  });

  it('is not resumed once it is imported, but has weights', () => {
    const origin = {
      kind: 'remote',
      ...{ id: 'x', worldSize: 8, nodes: 2, globalBatch: 256, steps: 9 },
      device: 'cuda',
      backend: 'nccl',
      precision: 'bf16',
      isSnapshot: true,
    } as const;
    const imported = runFixture({ phase: 'stopped', lastCheckpointAt: 5, origin });
    expect(actionsOnRun(imported)).toMatchObject({ canResume: false, hasWeights: true, canDelete: true });
  });
});
