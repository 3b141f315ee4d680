import { must } from '../diagnostics/invariantError.ts';
import { PROJECT_VERSION } from './schema.ts';

/** A project file as some version wrote it, not yet checked. */
export type RawProject = Readonly<Record<string, unknown>>;
/** Turns a file of version n into one of version n + 1; `version` itself is counted up by `migrate`. */
export type Migration = (project: RawProject) => RawProject;

/** By the version they start from. Version 1 is the first, so there is none yet. */
export const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

/**
 * Brings `project` of version `from` up to version `to`, one step at a time. A step must not throw: what it does not
 * understand it leaves for the schema to refuse. Throws `InvariantError` where a step is missing from the table.
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
