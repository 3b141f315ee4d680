import { spawnSync } from 'node:child_process';
import type { SourceText } from './importGate.ts';

/**
 * The clang-format version of the sources: other versions break lines differently. `pip install clang-format==23.1.5`.
 */
export const FORMATTER_VERSION = '23';

/**
 * The clang-format to use: `named` (NORMLAB_CLANG_FORMAT) if it is set, which must exist and have the right version;
 * else the one on the path if it has that version. Otherwise the reason why there is none: a machine that only runs
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

/** Files that `command` would format differently, one line each with the first differing line. */
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
