import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { ROOT } from '../setup/shell.ts';

const ADDON = join(ROOT, 'workers/native/build/normlab_native.node');

/** Libraries of every Linux system with a desktop: not ours to carry. */
const SYSTEM_LIBRARIES = /^(linux-vdso|ld-linux|libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+)[.-]/;

/**
 * Copies the addon and the libraries it needs (oneDNN, OpenMP, and what Debian's oneDNN pulls in) into `folder`, where the addon
 * finds them by its `$ORIGIN` run path. Gives the copied names. Throws when the addon is not built.
 */
export function copyNativeFiles(folder: string): string[] {
  if (!existsSync(ADDON))
    throw new AppError(
      'native-missing',
      'The native addon is not built: run `npm run setup` and read what it says.',
    );
  copyFileSync(ADDON, join(folder, basename(ADDON)));
  const libraries = process.platform === 'linux' ? linkedLibraries(ADDON) : [];
  for (const { name, path } of libraries) copyFileSync(realpathSync(path), join(folder, name));
  return [basename(ADDON), ...libraries.map(({ name }) => name)];
}

/** Shared libraries that the dynamic linker would load for `file`, without the system's own. */
export function linkedLibraries(file: string): { name: string; path: string }[] {
  const lines = execFileSync('ldd', [file], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const match = /^\s*(\S+) => (\/\S+) /.exec(line);
    const [, name, path] = match ?? [];
    return name === undefined || path === undefined || SYSTEM_LIBRARIES.test(name) ? [] : [{ name, path }];
  });
}
