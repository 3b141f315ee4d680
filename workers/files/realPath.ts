import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, relative, sep } from 'node:path';

/** True when `path` is `folder` or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  return path === folder || path.startsWith(prefix);
}

/**
 * True when a name on the path from `folder` down to `path` begins with a dot: settings and keys of programs, not
 * images or projects.
 */
export function isHiddenBelow(folder: string, path: string): boolean {
  return relative(folder, path)
    .split(sep)
    .some((name) => name.startsWith('.'));
}

/**
 * True for a relative name that neither leaves its folder nor enters a hidden one. Links that lead out are followed, as
 * scans do.
 */
export function isNameBelow(root: string, file: string): boolean {
  const path = join(root, file);
  return !isAbsolute(file) && isInside(normalize(root), path) && !isHiddenBelow(root, path);
}

/**
 * The path with symbolic links resolved; of a path that does not exist yet, the existing part is resolved. For a
 * dangling link the result is an empty string, since writing to the link would create a file at its target.
 */
export function realPathOf(path: string): string {
  if (path.includes('\0')) return '';
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    if (above === path || isLink(path)) return '';
    const real = realPathOf(above);
    return real === '' ? '' : join(real, basename(path));
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
