import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Folders that the native build reads and writes. CMake's own files lie in a hidden folder: its dependency files end in
 * `.ts` and are not TypeScript.
 */
export function nativePaths(root: string = fileURLToPath(new URL('../..', import.meta.url))) {
  const source = join(root, 'workers', 'native');
  const cmakeFolder = join(source, 'build', '.cmake');
  const cache = join(cmakeFolder, 'CMakeCache.txt');
  return {
    source,
    cmakeFolder,
    modules: join(root, 'node_modules'),
    addon: join(source, 'build', 'normlab_native.node'),
    imageAddon: join(source, 'build', 'normlab_image.node'),
    /** True when the cache was created for this folder: a checkout that was moved or copied is configured again. */
    isConfigured: (): boolean =>
      existsSync(cache) &&
      readFileSync(cache, 'utf8').includes(`CMAKE_HOME_DIRECTORY:INTERNAL=${toCMake(source)}\n`),
    clear: (): void => {
      rmSync(cmakeFolder, { recursive: true, force: true });
    },
  };
}

function toCMake(path: string): string {
  return path.replaceAll('\\', '/').replace(/\/$/, '');
}
