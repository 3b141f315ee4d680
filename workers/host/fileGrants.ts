import { randomBytes } from 'node:crypto';
import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';

/** A path as the screen may know it: text to show, and a token to act on it. */
export interface DescribedPath {
  readonly grant: string;
  readonly path: string;
  readonly name: string;
}

/**
 * Tokens for the paths a user chose. The screen never names a path to be acted on: it hands back a token that this table
 * gave out for something the user picked, listed or typed inside the roots.
 */
export class FileGrants {
  readonly roots: readonly string[];
  private readonly pathOf = new Map<string, string>();
  private readonly tokenOf = new Map<string, string>();

  /** `roots`: folders under which paths may be listed and typed; paths picked in a system dialog may lie anywhere. */
  constructor(roots: readonly string[]) {
    this.roots = roots.map((root) => realPathOf(resolve(root)));
  }

  /** A token for a path chosen outside the screen's reach: a system dialog, the command line, our own recent list. */
  grant(path: string): DescribedPath {
    const full = resolve(path);
    const known = this.tokenOf.get(full);
    const token = known ?? randomBytes(18).toString('base64url');
    if (known === undefined) {
      this.tokenOf.set(full, token);
      this.pathOf.set(token, full);
    }
    return { grant: token, path: full, name: basename(full) || full };
  }

  /** A token for a path that came from the screen; refused outside the roots, symbolic links followed first. */
  grantInsideRoots(path: string): DescribedPath {
    if (!isAbsolute(path))
      throw new AppError('folder-not-found', `Give the whole path, from the root on: ${path}`, {
        where: path,
      });
    if (!this.isInsideRoots(path)) {
      throw new AppError(
        'grant-unknown',
        `${path} lies outside the folders that this lab may open (${this.roots.join(', ')}).`,
        { where: path },
      );
    }
    return this.grant(realPathOf(resolve(path)));
  }

  /** True when `path` lies inside the roots, symbolic links followed. */
  isInsideRoots(path: string): boolean {
    const real = realPathOf(resolve(path));
    return this.roots.some((root) => isInside(root, real));
  }

  /** The path behind a token, or null for a token of an earlier lab. */
  find(token: string): string | null {
    return this.pathOf.get(token) ?? null;
  }

  /** The path behind a token; throws `grant-unknown` for a token that this table never gave out. */
  resolve(token: string): string {
    const path = this.pathOf.get(token);
    if (path === undefined) {
      throw new AppError(
        'grant-unknown',
        'This file or folder was not chosen in this session: choose it again.',
      );
    }
    return path;
  }
}

/** True when `path` is `folder` or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  return path === folder || path.startsWith(prefix);
}

/**
 * The path with symbolic links followed; of what does not exist yet, as far as it exists. A link that leads nowhere is followed
 * to no place at all, since writing to it would create a file wherever it points.
 */
function realPathOf(path: string): string {
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
