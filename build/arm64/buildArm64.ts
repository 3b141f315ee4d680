import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { nativePaths } from '../native/nativePaths.ts';
import { CMAKE_FOLDER, FOLDER, SYSTEM } from './arm64Paths.ts';
import { runOrThrow } from './runOrThrow.ts';

/** Builds both addons for arm64 into `FOLDER`. Throws an `Error` with the output of CMake or the compiler. */
export function buildArm64(): void {
  const { source, modules } = nativePaths();
  process.env['NORMLAB_ARM64_SYSTEM'] = SYSTEM;
  runOrThrow('cmake', [
    ...['-S', source, '-B', CMAKE_FOLDER, '-DCMAKE_BUILD_TYPE=Release'],
    `-DCMAKE_TOOLCHAIN_FILE=${join(import.meta.dirname, 'toolchain.cmake')}`,
    ...[`-DMODULES=${modules}`, `-DADDON_FOLDER=${FOLDER}`],
  ]);
  runOrThrow('cmake', ['--build', CMAKE_FOLDER, '--parallel', String(availableParallelism())]);
}
