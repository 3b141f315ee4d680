import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceText } from './importGate.ts';

/** Files that git knows or would add, with one of the endings; paths from the root with `/`. */
export function listFiles(root: string, endings: readonly string[]): string[] {
  const out = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return [...new Set(out.split('\0'))]
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort();
}

export function readSources(root: string, endings: readonly string[]): SourceText[] {
  return listFiles(root, endings).flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(root, path), 'utf8') }];
    } catch {
      return []; // listed by git, but deleted in the working tree
    }
  });
}
