import type { LabResult } from '#core/contract/labApi.ts';
import type { RunPhase, RunState } from '#core/contract/run.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';

export type RunPlan = LabResult<'run.plan'>;
/** An error as it arrives: its code may be newer than this screen. */
export type PlainError = Omit<AppErrorData, 'code'> & { readonly code: string };

/** The way of this project from nothing to a trained run. */
export type Workflow =
  | { readonly kind: 'idle' }
  /** Asking the host what a start would do; `plan` is the last answer, still shown meanwhile. */
  | { readonly kind: 'planning'; readonly plan: RunPlan | null }
  | { readonly kind: 'ready'; readonly plan: RunPlan }
  /** Start is forbidden; `plan` is there when the host could say what it would do. */
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
  | { readonly kind: 'reset' };

const LIVE_PHASES: readonly RunPhase[] = ['preparing', 'running', 'pausing', 'paused', 'stopping'];

/** True while a trainer holds the run. */
export function isLive(state: RunState): boolean {
  return LIVE_PHASES.includes(state.phase);
}

/**
 * True for a run that can be taken up from its last checkpoint, one that the world has stopped (a full disk, a crash) too; one that
 * diverged would do so again.
 */
export function canTakeUp({ phase, lastCheckpointAt, error }: RunState): boolean {
  if (phase === 'failed') return lastCheckpointAt !== null && error?.code !== 'diverged';
  return phase === 'stopped' || phase === 'interrupted';
}

/** The next state; events that do not belong to the present one change nothing. */
export function nextWorkflow(now: Workflow, event: WorkflowEvent): Workflow {
  switch (event.kind) {
    case 'reset':
      return { kind: 'idle' };
    case 'attached':
      return { kind: 'attached', state: event.state };
    case 'stateCame':
      return now.kind === 'attached' && now.state.runId === event.state.runId
        ? { kind: 'attached', state: event.state }
        : now;
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
    ...(error.values === undefined ? {} : { values: error.values }),
  };
}

export interface RunActions {
  readonly canStart: boolean;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canStop: boolean;
}

/** Which buttons work now. */
export function actionsOf(now: Workflow): RunActions {
  const run = now.kind === 'attached' ? now.state : null;
  const phase = run?.phase ?? null;
  return {
    canStart: now.kind !== 'starting' && mayPlan(now),
    canPause: phase === 'running',
    canResume: phase === 'paused' || (run !== null && canTakeUp(run)),
    canStop: phase === 'preparing' || phase === 'running' || phase === 'paused' || phase === 'pausing',
  };
}
