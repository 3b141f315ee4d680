import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, isAbsolute, resolve, sep } from 'node:path';
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
    this.roots = roots.map((root) => realOrSelf(resolve(root)));
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
    const real = realOrSelf(resolve(path));
    if (!this.roots.some((root) => isInside(root, real))) {
      throw new AppError(
        'grant-unknown',
        `${path} lies outside the folders that this lab may open (${this.roots.join(', ')}).`,
        { where: path },
      );
    }
    return this.grant(real);
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

function realOrSelf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // does not exist yet: the caller's own act will say so
  }
}
