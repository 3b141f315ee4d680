import type { PreparedProgram, Session } from '../backend/backend.ts';
import type { Program } from '../program/program.ts';
import { rememberingSource, type LastRead } from './badBatch.ts';
import type { BatchSource } from './batchSource.ts';
import { preparedBySize, type PrepareBatch } from './preparedPrograms.ts';

/** What the epochs of a phase read, and the programs for it. */
export interface LoopPhase {
  readonly trainProgram: Program;
  /** Compiled in 'evaluate' mode: validation never changes the state. */
  readonly evaluateProgram: Program;
  /** The program that reads the raw weights, where they are validated beside their averages. */
  readonly rawProgram?: Program;
  /** Images, or features that were computed from them. */
  readonly train: BatchSource;
  readonly validation: BatchSource | null;
}

/** A phase whose programs are prepared when they are first needed. */
export interface OpenPhase {
  readonly program: Program;
  readonly train: BatchSource;
  readonly validation: BatchSource | null;
  readonly prepare: PrepareBatch;
  readonly prepareEvaluate: PrepareBatch;
  readonly prepareRaw: PrepareBatch | null;
  /** The training batch that was read last. */
  readonly last: () => LastRead | null;
}

/** Returns the phase of an epoch, and keeps only its programs prepared: those of a finished phase are freed. */
export function openPhases(
  session: Pick<Session, 'prepare'>,
  phaseOf: (epoch: number) => LoopPhase,
): (epoch: number) => OpenPhase {
  let current: { readonly of: LoopPhase; readonly open: OpenPhase; readonly made: PreparedProgram[] } | null =
    null;
  return (epoch) => {
    const phase = phaseOf(epoch);
    if (current?.of === phase) return current.open;
    for (const prepared of current?.made ?? []) prepared.release();
    const made: PreparedProgram[] = [];
    current = { of: phase, open: openPhase(session, phase, made), made };
    return current.open;
  };
}

function openPhase(
  session: Pick<Session, 'prepare'>,
  { trainProgram, evaluateProgram, rawProgram, train, validation }: LoopPhase,
  made: PreparedProgram[],
): OpenPhase {
  const prepare = (program: Program, batch: number): PreparedProgram => {
    const prepared = session.prepare(program, batch);
    made.push(prepared);
    return prepared;
  };
  const { source, last } = rememberingSource(train);
  return {
    ...{ program: trainProgram, train: source, validation, last },
    prepare: preparedBySize({ prepare }, trainProgram),
    prepareEvaluate: preparedBySize({ prepare }, evaluateProgram),
    prepareRaw: rawProgram === undefined ? null : preparedBySize({ prepare }, rawProgram),
  };
}
