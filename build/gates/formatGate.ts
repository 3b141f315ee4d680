import { spawnSync } from 'node:child_process';
import type { SourceText } from './importGate.ts';

/**
 * The clang-format that the sources were formatted with: others break lines elsewhere. `pip install
 * clang-format==23.1.5`.
 */
export const FORMATTER_VERSION = '23';

/**
 * The clang-format to use: `named` (NORMLAB_CLANG_FORMAT) if it is set, where it must be there and of the right
 * version, else the one on the path if it is of that version. Otherwise why there is none: a machine that only runs
 * NormLab needs no formatter.
 */
export function findFormatter(
  named: string | undefined,
): { readonly command: string } | { readonly missing: string; readonly isRequired: boolean } {
  const command = named ?? 'clang-format';
  const done = spawnSync(command, ['--version'], { encoding: 'utf8' });
  const version = /version (\d+)\./.exec(done.stdout)?.[1];
  if (done.status === 0 && version === FORMATTER_VERSION) return { command };
  const found = done.status === 0 ? `is version ${version ?? 'unknown'}` : 'is not there';
  return {
    missing: `${command} ${found}: version ${FORMATTER_VERSION} is wanted`,
    isRequired: named !== undefined,
  };
}

/** Files that `command` would write otherwise, one line each with the first line that differs. */
export function findUnformatted(command: string, root: string, files: readonly SourceText[]): string[] {
  return files.flatMap(({ path, text }) => {
    const done = spawnSync(command, [`--assume-filename=${path}`, '--style=file'], {
      cwd: root,
      input: text,
      encoding: 'utf8',
    });
    if (done.status !== 0) return [`${path}: ${command} failed: ${done.stderr.trim()}`];
    if (done.stdout === text) return [];
    const wanted = done.stdout.split('\n');
    const line = text.split('\n').findIndex((one, index) => one !== wanted[index]);
    return [`${path}:${String(line + 1)} is not formatted: ${command} -i ${path}`];
  });
}
