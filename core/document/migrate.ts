import { must } from '../diagnostics/invariantError.ts';
import { PROJECT_VERSION } from './schema.ts';

/** A project file as some version wrote it, not yet checked. */
export type RawProject = Readonly<Record<string, unknown>>;
/** Turns a file of version n into one of version n + 1; `migrate` increments `version`. */
export type Migration = (project: RawProject) => RawProject;

/** Migrations by the version that they start from. Version 1 is the first, so there are none yet. */
export const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

/**
 * Converts `project` from version `from` to version `to`, one step at a time. A step must not throw: it leaves unknown
 * content for the schema to reject. Throws `InvariantError` when a step is missing from the table.
 */
export function migrate(
  project: RawProject,
  from: number,
  to: number = PROJECT_VERSION,
  table: ReadonlyMap<number, Migration> = MIGRATIONS,
): RawProject {
  let current = project;
  for (let version = from; version < to; version += 1) {
    const step = must(table.get(version), `migration from project version ${version}`);
    current = { ...step(current), version: version + 1 };
  }
  return current;
}
