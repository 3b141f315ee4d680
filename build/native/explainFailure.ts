import type { EngineNeed, EngineProblem } from '#core/contract/engineProblem.ts';
import { lastLines } from '../setup/stage.mjs';
import { commandHere } from '../setup/systemPackages.ts';

/** Patterns in the output of CMake and the compiler that show what is missing; the first match is the cause. */
const SIGNS: readonly (readonly [RegExp, EngineNeed])[] = [
  [/NORMLAB_MISSING_CMAKE/, 'cmake'],
  [
    /No CMAKE_CXX_COMPILER|CMAKE_CXX_COMPILER not set|unable to find a build program|CMAKE_MAKE_PROGRAM/i,
    'compiler',
  ],
  [/NORMLAB_MISSING_ONEDNN|dnnl\.hpp.*No such file|cannot find -ldnnl/, 'onednn'],
];
const SHOWN_LINES = 40;

/** What is missing for the native build and the command that installs it, or the end of the tool's own output. */
export function explainFailure(
  output: string,
  installs: (needs: readonly EngineNeed[]) => string | null = commandHere,
): EngineProblem {
  const need = SIGNS.find(([sign]) => sign.test(output))?.[1];
  return need === undefined
    ? { cause: 'build-failed', detail: lastLines(output, SHOWN_LINES) }
    : { cause: 'missing-needs', needs: [need], install: installs([need]) };
}
