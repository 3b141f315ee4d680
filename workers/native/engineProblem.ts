import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  engineCommand,
  engineProblemSchema,
  levelsBeside,
  type EngineNeed,
  type EngineProblem,
} from '#core/contract/engineProblem.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message, type Message } from '#core/words/message.ts';

/** The file in which set-up records why the engine was not built; absent if it was built. */
export const ENGINE_PROBLEM_FILE = fileURLToPath(new URL('./build/problem.json', import.meta.url));

const NEED_NAMES: Readonly<Record<EngineNeed, string | Message>> = {
  onednn: message('engine.onednn'),
  cmake: 'CMake',
  compiler: message('engine.compiler'),
};

/** The recorded reason, or `not-built` if there is no readable one. */
export function notedProblem(file: string = ENGINE_PROBLEM_FILE): EngineProblem {
  try {
    return engineProblemSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { cause: 'not-built' };
  }
}

/** The problem with the engine, and the command that fixes it. */
export function engineMessage(problem: EngineProblem): Message {
  return message('engine.mend', { cause: causeOf(problem), command: engineCommand(problem) });
}

/** The same in English, for a terminal. */
export function describeEngineProblem(problem: EngineProblem): string {
  return inEnglish(engineMessage(problem));
}

function causeOf(problem: EngineProblem): Message {
  switch (problem.cause) {
    case 'not-built':
      return message('engine.notBuilt');
    case 'missing-needs':
      return message('engine.missingNeeds', { needs: problem.needs.map((need) => NEED_NAMES[need]) });
    case 'build-failed':
      return message('engine.buildFailed', { detail: problem.detail });
    case 'missing-library':
      return message('engine.missingLibrary', { library: problem.library });
    case 'load-failed':
      return message('engine.loadFailed', { detail: problem.detail });
    case 'cpu-level':
      return message('engine.cpuLevel', {
        wanted: problem.wanted,
        machine: problem.machine,
        levels: [...levelsBeside(problem.machine)],
      });
  }
}
