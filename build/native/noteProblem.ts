import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EngineProblem } from '#core/contract/engineProblem.ts';
import { ENGINE_PROBLEM_FILE } from '#workers/native/engineProblem.ts';

/** Stores why the engine is not built, for later readers; null: it is built. */
export function noteProblem(problem: EngineProblem | null, file: string = ENGINE_PROBLEM_FILE): void {
  rmSync(file, { force: true });
  if (problem === null) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(problem));
}
