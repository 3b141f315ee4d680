import type { PreparedProgram, Session } from '../backend/backend.ts';
import type { Program } from '../program/program.ts';

/** Programs of one session made ready for the batch sizes that come up, each only once. */
export type PrepareBatch = (batch: number) => PreparedProgram;

/** Prepares `program` for a batch size on first use and remembers it: an epoch has at most two sizes. */
export function preparedBySize(session: Session, program: Program): PrepareBatch {
  const known = new Map<number, PreparedProgram>();
  return (batch) => {
    const prepared = known.get(batch) ?? session.prepare(program, batch);
    known.set(batch, prepared);
    return prepared;
  };
}
