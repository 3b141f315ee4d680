import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listFiles } from '../gates/sourceFiles.ts';
import { ROOT } from './shell.ts';

/**
 * Runs `make` when any of the project's files under `folders` changed since the last time, or `product` is missing.
 * Returns false when it ran and failed; a failed step leaves no stamp and is retried.
 */
export function makeWhenStale(
  name: string,
  folders: readonly string[],
  product: string,
  make: () => boolean,
  root: string = ROOT,
): boolean {
  const wanted = fingerprint(root, folders);
  if (holds(name, product, wanted, root)) return true;
  if (!make()) return false;
  const stampFile = stampOf(name, root);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
  return true;
}

/** True when `stamp` was written for this existing `product` and these sources. */
function holds(name: string, product: string, wanted: string, root: string): boolean {
  const stampFile = stampOf(name, root);
  return (
    existsSync(join(root, product)) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted
  );
}

function stampOf(name: string, root: string): string {
  return join(root, 'build/out', `${name}.stamp`);
}

/** Hash over names, sizes and times of the files under `folders`. */
function fingerprint(root: string, folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of listFiles(root, [''])) {
    if (
      !folders.some((folder) => path === folder || path.startsWith(`${folder}/`)) ||
      !existsSync(join(root, path))
    )
      continue;
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
