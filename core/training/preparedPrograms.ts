import type { PreparedProgram, Session } from '../backend/backend.ts';
import type { Program } from '../program/program.ts';

/** Prepared programs of one session by batch size. */
export type PrepareBatch = (batch: number) => PreparedProgram;

/** Prepares `program` for a batch size on first use and caches it: an epoch has at most two sizes. */
export function preparedBySize(session: Pick<Session, 'prepare'>, program: Program): PrepareBatch {
  const known = new Map<number, PreparedProgram>();
  return (batch) => {
    const prepared = known.get(batch) ?? session.prepare(program, batch);
    known.set(batch, prepared);
    return prepared;
  };
}
