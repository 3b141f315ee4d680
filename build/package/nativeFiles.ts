import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { ROOT } from '../setup/shell.ts';

const BUILT = join(ROOT, 'workers/native/build');
/** The engine, and the image decoder. */
const ADDONS = ['normlab_native.node', 'normlab_image.node'];

/** Libraries that every Linux system with a desktop has; they are not bundled. */
const SYSTEM_LIBRARIES = /^(linux-vdso|ld-linux|libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+)[.-]/;

/**
 * Copies the addons and the libraries they need (oneDNN, OpenMP, libjpeg-turbo, libpng, and their dependencies) into
 * `folder`, where the addons find them by their `$ORIGIN` run path. Returns the copied names. Throws when an addon is
 * not built.
 */
export function copyNativeFiles(folder: string): string[] {
  const copied = new Set<string>();
  for (const addon of ADDONS) {
    const from = join(BUILT, addon);
    if (!existsSync(from)) throw new AppError('native-missing', message('setup.addonNotBuilt', { addon }));
    copyFileSync(from, join(folder, addon));
    copied.add(addon);
    for (const { name, path } of process.platform === 'linux' ? linkedLibraries(from) : []) {
      copyFileSync(realpathSync(path), join(folder, name));
      copied.add(name);
    }
  }
  return [...copied];
}

/** Shared libraries that the dynamic linker would load for `file`, except the system's own. */
function linkedLibraries(file: string): { name: string; path: string }[] {
  const lines = execFileSync('ldd', [file], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const match = /^\s*(\S+) => (\/\S+) /.exec(line);
    const [, name, path] = match ?? [];
    return name === undefined || path === undefined || SYSTEM_LIBRARIES.test(name) ? [] : [{ name, path }];
  });
}
