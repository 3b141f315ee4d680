import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  engineCommand,
  engineProblemSchema,
  type EngineNeed,
  type EngineProblem,
} from '#core/contract/engineProblem.ts';

/** Where set-up notes why the engine was not built; not there when it was. */
export const ENGINE_PROBLEM_FILE = fileURLToPath(new URL('./build/problem.json', import.meta.url));

const NEED_NAMES: Readonly<Record<EngineNeed, string>> = {
  onednn: 'oneDNN (headers and library)',
  cmake: 'CMake',
  compiler: 'a C++ compiler and make',
};

/** What set-up noted, or `not-built` when it noted nothing that can be read. */
export function notedProblem(file: string = ENGINE_PROBLEM_FILE): EngineProblem {
  try {
    return engineProblemSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { cause: 'not-built' };
  }
}

/** An engine problem as one English sentence and the command that mends it, for a terminal. */
export function describeEngineProblem(problem: EngineProblem): string {
  return `${causeInWords(problem)} Mend it with: ${engineCommand(problem)}`;
}

function causeInWords(problem: EngineProblem): string {
  switch (problem.cause) {
    case 'not-built':
      return 'The native engine is not built.';
    case 'missing-needs':
      return `The native engine is not built, because this is missing: ${problem.needs.map((need) => NEED_NAMES[need]).join(', ')}.`;
    case 'build-failed':
      return `The native engine does not build; the end of the build's output is:\n${problem.detail}\n`;
    case 'missing-library':
      return `The native engine does not load: the library ${problem.library} is missing.`;
    case 'load-failed':
      return `The native engine does not load: ${problem.detail}.`;
  }
}
