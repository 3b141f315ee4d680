import type { EpochEvent, StepEvent } from '#core/contract/metricEvent.ts';
import type { RemoteFacts, RemoteResult, RemoteStatus } from '#core/contract/remoteRun.ts';
import type { RunPhase, RunProject, RunState } from '#core/contract/run.ts';
import type { RunResult } from '#core/contract/runResult.ts';
import { asIs, message, type Message } from '#core/words/message.ts';
import { newRunState } from '../list/newRunState.ts';

/** Characters of an error from elsewhere that are shown: the end of a Python traceback says what happened. */
const SHOWN_ERROR = 2000;
/** Updates before the remaining time is estimated. */
const STEPS_BEFORE_ETA = 10;

/** All that is known about a run that trains elsewhere, at one moment. */
export interface RemoteNow {
  readonly folder: string;
  readonly facts: RemoteFacts;
  readonly project: RunProject;
  /** Null before the first one, and while it is damaged. */
  readonly status: RemoteStatus | null;
  readonly result: RemoteResult | null;
  readonly lastStep: StepEvent | null;
  readonly lastEpoch: EpochEvent | null;
  readonly silentMs: number | null;
  readonly away: Message | null;
  readonly damagedLines: number;
  readonly reading: number;
  readonly hasWeights: boolean;
}

/** The state of a run that trains elsewhere, for the screens. */
export function remoteState(runId: string, now: RemoteNow): RunState {
  const { facts, status, lastStep, lastEpoch } = now;
  const createdAt = Date.parse(facts.createdAt);
  const step = Math.max(lastStep?.step ?? 0, lastEpoch?.step ?? 0, status?.step ?? 0);
  const phase = phaseOf(now);
  const result = phase === 'finished' ? resultOf(now) : null;
  const state: RunState = {
    ...newRunState(runId, facts.name),
    project: now.project,
    startedAt: Number.isFinite(createdAt) ? createdAt : null,
    phase,
    progress: null,
    epoch: Math.max(lastStep?.epoch ?? 0, lastEpoch?.epoch ?? 0),
    epochs: facts.epochs,
    step: result?.steps ?? step,
    steps: Math.max(facts.steps, step),
    imagesPerSecond: lastStep?.imagesPerSecond ?? result?.imagesPerSecond ?? 0,
    precision: facts.precision,
    backend: 'native',
    result,
    error: phase === 'failed' ? failureOf(now) : null,
    remote: {
      ...{ worldSize: facts.worldSize, nodes: facts.nodes, globalBatch: facts.globalBatch },
      ...{ device: facts.device, backend: facts.backend, folder: now.folder, away: now.away },
      silentMs: phase === 'silent' ? now.silentMs : null,
      damagedLines: now.damagedLines,
      reading: now.reading,
      hasWeights: now.hasWeights && now.away === null,
    },
  };
  return { ...state, etaMs: timeLeftMs(state, lastStep) };
}

function phaseOf({ away, status, result, silentMs }: RemoteNow): RunPhase {
  if (away !== null) return 'away';
  if (status === null) return result === null ? (silentMs === null ? 'running' : 'silent') : 'finished';
  if (status.state !== 'training') return status.state;
  return silentMs === null ? 'running' : 'silent';
}

/** Null where the result cannot be read: the run is finished nevertheless. */
function resultOf({ result, facts, folder }: RemoteNow): RunResult | null {
  if (result === null) return null;
  return { run: folder, ...measuresOf(result, facts), precision: facts.precision };
}

/** The figures of a finished run that a run of this lab has as well. */
export function measuresOf(
  { epochs, steps, train, val, seconds }: RemoteResult,
  { imagesTraining }: Pick<RemoteFacts, 'imagesTraining'>,
): Pick<RunResult, 'epochs' | 'steps' | 'train' | 'val' | 'seconds' | 'imagesPerSecond'> {
  const imagesPerSecond = seconds > 0 ? (imagesTraining * epochs) / seconds : 0;
  return { epochs, steps, train, val, seconds, imagesPerSecond };
}

function failureOf({ status, folder }: RemoteNow): RunState['error'] {
  const text = status?.error?.trim() ?? '';
  if (text === '') return { code: 'worker-died', message: message('remote.failedSilently'), where: folder };
  const lines = text.split('\n');
  const last = (lines.at(-1) ?? '').slice(0, SHOWN_ERROR);
  return {
    code: 'worker-died',
    message: message('remote.failed', { text: last }),
    where: folder,
    ...(lines.length > 1 ? { detail: asIs(text.slice(-SHOWN_ERROR)) } : {}),
  };
}

/** From the time that the steps so far took; null before the tenth, and while it does not train. */
function timeLeftMs({ phase, step, steps }: RunState, lastStep: StepEvent | null): number | null {
  if (phase !== 'running' || lastStep === null || lastStep.step < STEPS_BEFORE_ETA) return null;
  return Math.max(0, Math.round((lastStep.elapsedMs / lastStep.step) * (steps - step)));
}
