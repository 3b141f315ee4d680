import { availableParallelism } from 'node:os';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { nativePaths } from './nativePaths.ts';
import { explainFailure, missingImageLibraries } from './explainFailure.ts';
import { runTool } from './runTool.ts';

export type NativeBuild = { readonly built: string } | { readonly problem: string };

/**
 * Configures (once) and builds the addon with CMake; a second call with nothing changed takes well under a second. Gives the
 * path of the addon, or a problem in words that name the command which solves it. `report` gets lines of progress.
 */
export function buildNative(report: (line: string) => void): NativeBuild {
  const paths = nativePaths();
  if (runTool('cmake', ['--version']) === null) return { problem: explainFailure('NORMLAB_MISSING_CMAKE') };
  const configured = configure(paths, report);
  if (configured !== null) return { problem: configured };
  report('building the native engine');
  const built = runTool('cmake', [
    '--build',
    paths.cmakeFolder,
    '--config',
    'Release',
    '--parallel',
    String(availableParallelism()),
  ]);
  if (built === null || built.status !== 0) return { problem: explainFailure(built?.output ?? '') };
  if (!existsSync(paths.imageAddon)) report(missingImageLibraries());
  return { built: paths.addon };
}

/** Null when configured, else the problem. CMake itself notices later changes of its inputs. */
function configure(paths: ReturnType<typeof nativePaths>, report: (line: string) => void): string | null {
  const isConfigured = paths.isConfigured();
  // Configured again while the optional part is missing: its libraries may have come since.
  if (isConfigured && existsSync(paths.imageAddon)) return null;
  report('configuring the native engine');
  if (!isConfigured) paths.clear();
  const result = runTool('cmake', [
    '-S',
    paths.source,
    '-B',
    paths.cmakeFolder,
    '-DCMAKE_BUILD_TYPE=Release',
    `-DMODULES=${paths.modules}`,
  ]);
  if (result?.status === 0) return null;
  paths.clear();
  return explainFailure(result?.output ?? '');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = buildNative((line) => {
    console.log(line);
  });
  if ('built' in result) console.log(`built ${result.built}`);
  else {
    console.error(result.problem);
    process.exitCode = 1;
  }
}
