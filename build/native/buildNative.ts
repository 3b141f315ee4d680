import { availableParallelism } from 'node:os';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { EngineProblem } from '#core/contract/engineProblem.ts';
import { describeEngineProblem } from '#workers/native/engineProblem.ts';
import { nativePaths } from './nativePaths.ts';
import { explainFailure } from './explainFailure.ts';
import { runTool } from './runTool.ts';

/** `hasImageAddon`: whether the direct image decoder, which is optional, was built as well. */
export type NativeBuild =
  { readonly built: string; readonly hasImageAddon: boolean } | { readonly problem: EngineProblem };

/**
 * Configures (once) and builds the addon with CMake; a second call without changes takes well under a second. Returns
 * the path of the addon, or why there is none. `log` receives all output of CMake and the compiler.
 */
export function buildNative(log: (text: string) => void): NativeBuild {
  const paths = nativePaths();
  if (runTool('cmake', ['--version']) === null) return { problem: explainFailure('NORMLAB_MISSING_CMAKE') };
  const configured = configure(paths, log);
  if (configured !== null) return { problem: configured };
  const parallel = ['--parallel', String(availableParallelism())];
  const built = runTool('cmake', ['--build', paths.cmakeFolder, '--config', 'Release', ...parallel]);
  log(built?.output ?? '');
  if (built === null || built.status !== 0) return { problem: explainFailure(built?.output ?? '') };
  return { built: paths.addon, hasImageAddon: existsSync(paths.imageAddon) };
}

/** Null when configured, else the problem. CMake itself detects later changes of its inputs. */
function configure(paths: ReturnType<typeof nativePaths>, log: (text: string) => void): EngineProblem | null {
  const isConfigured = paths.isConfigured();
  // Configured again while the optional part is missing: its libraries may have been installed meanwhile.
  if (isConfigured && existsSync(paths.imageAddon)) return null;
  if (!isConfigured) paths.clear();
  const result = runTool('cmake', [
    ...['-S', paths.source, '-B', paths.cmakeFolder],
    ...['-DCMAKE_BUILD_TYPE=Release', `-DMODULES=${paths.modules}`],
  ]);
  log(result?.output ?? '');
  if (result?.status === 0) return null;
  paths.clear();
  return explainFailure(result?.output ?? '');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = buildNative((text) => {
    console.log(text);
  });
  if ('built' in result) console.log(`built ${result.built}`);
  else {
    console.error(describeEngineProblem(result.problem));
    process.exitCode = 1;
  }
}
