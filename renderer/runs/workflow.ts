import type { LabResult } from '#core/contract/labApi.ts';
import type { RunPhase, RunState } from '#core/contract/run.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import type { StartBlocker } from './startBlocker.ts';

export type RunPlan = LabResult<'run.plan'>;
/** An error as received: its code may be newer than this screen. */
type PlainError = Omit<AppErrorData, 'code'> & { readonly code: string };

/** The states of a project from nothing to a trained run. */
export type Workflow =
  | { readonly kind: 'idle' }
  /** Waiting for the host's plan; `plan` is the previous answer, still shown. */
  | { readonly kind: 'planning'; readonly plan: RunPlan | null }
  | { readonly kind: 'ready'; readonly plan: RunPlan }
  /** A start is forbidden; `plan` is present when the host could make one. */
  | { readonly kind: 'refused'; readonly plan: RunPlan | null; readonly problems: readonly PlainError[] }
  | { readonly kind: 'starting'; readonly plan: RunPlan }
  /** A run of this project, live or ended. */
  | { readonly kind: 'attached'; readonly state: RunState };

export type WorkflowEvent =
  | { readonly kind: 'planAsked' }
  | { readonly kind: 'planCame'; readonly plan: RunPlan }
  | { readonly kind: 'refused'; readonly problems: readonly PlainError[] }
  | { readonly kind: 'startAsked' }
  | { readonly kind: 'attached'; readonly state: RunState }
  | { readonly kind: 'stateCame'; readonly state: RunState }
  | { readonly kind: 'runDeleted'; readonly runId: string }
  | { readonly kind: 'reset' };

/** The workflow of every open project, by the project's id. */
export type Workflows = ReadonlyMap<string, Workflow>;

const IDLE: Workflow = { kind: 'idle' };
const LIVE_PHASES: readonly RunPhase[] = ['preparing', 'running', 'pausing', 'paused', 'stopping'];
/** Phases of a run elsewhere that is not known to have ended. */
const REMOTE_PHASES: readonly RunPhase[] = ['running', 'silent', 'away'];

/** True while a trainer of this lab holds the run. */
export function isLive(state: RunState): boolean {
  return state.remote === undefined && LIVE_PHASES.includes(state.phase);
}

/** True for a run that may still get new values: one that trains here or elsewhere. */
export function isMoving(state: RunState): boolean {
  return isLive(state) || (state.remote !== undefined && REMOTE_PHASES.includes(state.phase));
}

/**
 * True for a run that can be resumed from its last checkpoint, including one that failed for an outside reason (a full
 * disk, a crash). A run that diverged would do so again, and the optimizer of one that was trained elsewhere is there.
 */
function canTakeUp({ phase, lastCheckpointAt, error, origin }: RunState): boolean {
  if (lastCheckpointAt === null || origin !== undefined) return false;
  return phase === 'failed' ? error?.code !== 'diverged' : phase === 'stopped' || phase === 'interrupted';
}

/** The workflow of a project; idle for an unknown one. */
export function workflowOf(all: Workflows, projectId: string): Workflow {
  return all.get(projectId) ?? IDLE;
}

/** All workflows after an event of one project; the same map where nothing changed. */
export function withEvent(all: Workflows, projectId: string, event: WorkflowEvent): Workflows {
  const now = workflowOf(all, projectId);
  const next = nextWorkflow(now, event);
  return next === now ? all : new Map(all).set(projectId, next);
}

/**
 * All workflows after a state of some run arrived. The project of the run follows it when it trains, wherever it was
 * started; a project attached to it follows it to its end.
 */
export function withState(all: Workflows, state: RunState): Workflows {
  const owner = state.project?.id ?? null;
  const concerned = [...all.keys()].filter((id) => id !== owner);
  if (owner !== null) concerned.push(owner);
  return concerned.reduce((now, id) => {
    const isNews = id === owner && isLive(state) && mayPlan(workflowOf(now, id));
    return withEvent(now, id, { kind: isNews ? 'attached' : 'stateCame', state });
  }, all);
}

/** All workflows after a run was deleted. */
export function withoutRun(all: Workflows, runId: string): Workflows {
  return [...all.keys()].reduce((now, id) => withEvent(now, id, { kind: 'runDeleted', runId }), all);
}

/** The next state; events that do not apply to the present one change nothing. */
export function nextWorkflow(now: Workflow, event: WorkflowEvent): Workflow {
  switch (event.kind) {
    case 'reset':
      return IDLE;
    case 'attached':
      return { kind: 'attached', state: event.state };
    case 'stateCame':
      return now.kind === 'attached' && now.state.runId === event.state.runId
        ? { kind: 'attached', state: event.state }
        : now;
    case 'runDeleted':
      return now.kind === 'attached' && now.state.runId === event.runId ? IDLE : now;
    default:
      return mayPlan(now) ? nextPlanning(now, event) : now;
  }
}

type PlanningEvent = Extract<WorkflowEvent, { kind: 'planAsked' | 'planCame' | 'refused' | 'startAsked' }>;

function nextPlanning(now: Workflow, event: PlanningEvent): Workflow {
  switch (event.kind) {
    case 'planAsked':
      return { kind: 'planning', plan: planOf(now) };
    case 'planCame':
      if (now.kind === 'starting') return now;
      return event.plan.problems.length > 0
        ? { kind: 'refused', plan: event.plan, problems: event.plan.problems.map(plainError) }
        : { kind: 'ready', plan: event.plan };
    case 'refused':
      return { kind: 'refused', plan: planOf(now), problems: event.problems };
    case 'startAsked':
      return now.kind === 'ready' ? { kind: 'starting', plan: now.plan } : now;
  }
}

/** A live run must end before another is planned. */
function mayPlan(now: Workflow): boolean {
  return now.kind !== 'attached' || !isLive(now.state);
}

function planOf(now: Workflow): RunPlan | null {
  return 'plan' in now ? now.plan : null;
}

/** Drops undefined fields, which the contract's schema allows and `AppErrorData` does not. */
export function plainError(error: RunPlan['problems'][number]): PlainError {
  return {
    code: error.code,
    message: error.message,
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.detail === undefined ? {} : { detail: error.detail }),
  };
}

/** What pressing Train does: always one of these. */
type TrainAnswer =
  /** Shows the card of a run of the project that trains already, or is about to. */
  | 'showRun'
  /** Shows what prevents the start. */
  | 'showReason'
  /** Shows the plan; pressed again, Train starts. */
  | 'showPlan'
  | 'start';

/**
 * `isPlanInView`: the plan is visible, so the user has seen what a start does. `skipsPlan`: the user has turned the
 * plan off.
 */
export function answerToTrain(now: {
  readonly workflow: Workflow;
  readonly blocker: StartBlocker | null;
  readonly isPlanInView: boolean;
  readonly skipsPlan: boolean;
}): TrainAnswer {
  const { workflow, blocker, isPlanInView, skipsPlan } = now;
  if (!mayPlan(workflow) || workflow.kind === 'starting') return 'showRun';
  if (blocker !== null) return 'showReason';
  // A refused plan is retried only when the user can see the reason.
  if (workflow.kind === 'refused') return isPlanInView ? 'start' : 'showReason';
  return skipsPlan || (isPlanInView && workflow.kind === 'ready') ? 'start' : 'showPlan';
}

interface RunActions {
  readonly canStart: boolean;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canStop: boolean;
}

/** Which buttons of the project's training are enabled. */
export function actionsOf(now: Workflow): RunActions {
  const run = now.kind === 'attached' ? actionsOnRun(now.state) : null;
  return {
    canStart: now.kind !== 'starting' && mayPlan(now),
    canPause: run?.canPause ?? false,
    canResume: run?.canResume ?? false,
    canStop: run?.canStop ?? false,
  };
}

/** The actions available on a run's card. */
export function actionsOnRun(run: RunState): Omit<RunActions, 'canStart'> & {
  readonly canDelete: boolean;
  /** It has weights to export and statistics to measure. */
  readonly hasWeights: boolean;
} {
  const { phase } = run;
  if (run.remote !== undefined)
    return { canPause: false, canResume: false, canStop: false, canDelete: false, hasWeights: false };
  return {
    canPause: phase === 'running',
    canResume: phase === 'paused' || canTakeUp(run),
    canStop: phase === 'preparing' || phase === 'running' || phase === 'paused' || phase === 'pausing',
    canDelete: !isLive(run),
    hasWeights: run.lastCheckpointAt !== null && !isLive(run),
  };
}
