import { randomBytes } from 'node:crypto';
import { basename, isAbsolute, resolve } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { GRANT_USES, kindAt, type GrantKind, type GrantUse } from './grantKinds.ts';
import { isHiddenBelow, isInside, realPathOf } from '../../files/realPath.ts';

/** A path as the screen knows it: text to show, and a token to act on it. */
export interface DescribedPath {
  readonly grant: string;
  readonly path: string;
  readonly name: string;
}

interface Granted {
  readonly path: string;
  readonly kind: GrantKind;
  /** The real path when it was granted, with symbolic links resolved. */
  readonly real: string;
  /** The folder that the path must stay in; null for a path chosen outside the page's reach. */
  readonly within: string | null;
}

/**
 * Tokens for the paths that a user chose. The screen never names a path to be acted on: it passes back a token that
 * this table issued for something the user picked, listed or typed inside the roots. A token stands for one path and
 * one kind; kind, use and place are checked each time it is used.
 */
export class FileGrants {
  readonly roots: readonly string[];
  private readonly granted = new Map<string, Granted>();
  private readonly tokenOf = new Map<string, string>();

  /** `roots`: folders under which paths may be listed and typed; paths picked in a system dialog may lie anywhere. */
  constructor(roots: readonly string[]) {
    this.roots = roots.map((root) => realPathOf(resolve(root))).filter((root) => root !== '');
  }

  /**
   * A token for a path chosen outside the screen's reach: a system dialog, the command line, the list of recent
   * projects.
   */
  grant(path: string, kind?: GrantKind): DescribedPath {
    const full = resolve(path);
    return this.give({ path: full, kind: kind ?? kindAt(full), real: realPathOf(full), within: null });
  }

  /**
   * A token for a path that came from the screen. Symbolic links are resolved first; paths outside the roots and in
   * hidden folders are refused.
   */
  grantInsideRoots(path: string): DescribedPath {
    if (!isAbsolute(path))
      throw new AppError('folder-not-found', message('files.notWhole', { path }), { where: path });
    const real = realPathOf(resolve(path));
    const root = this.roots.find((candidate) => isInside(candidate, real));
    if (root === undefined) throw refusal(message('files.outsideRoots', { path, roots: this.roots }), path);
    if (isHiddenBelow(root, real)) throw refusal(message('files.hidden', { path }), path);
    return this.give({ path: real, kind: kindAt(real), real, within: root });
  }

  /**
   * A token for a path below a granted folder. Null where the path leaves the root of that folder, or contains a hidden
   * name.
   */
  grantBelow(folder: string, path: string, kind?: GrantKind): DescribedPath | null {
    const above = this.known(folder);
    const within = above.within ?? above.real;
    const real = realPathOf(resolve(path));
    if (!isInside(within, real) || isHiddenBelow(within, real)) return null;
    return this.give({ path: resolve(path), kind: kind ?? kindAt(real), real, within });
  }

  /** Returns the path of a token as the screen knows it, under the same token. */
  describe(token: string): DescribedPath {
    const { path } = this.known(token);
    return { grant: token, path, name: basename(path) || path };
  }

  /** The path of a project's token, or null for another kind of token and for one of an earlier lab. */
  findProject(token: string): string | null {
    const found = this.granted.get(token);
    return found?.kind === 'project' ? found.path : null;
  }

  /**
   * The path behind a token of this kind for this use. Throws `AppError`: 'grant-unknown' for a token that this table
   * never issued and for a path that leads elsewhere than when it was chosen, 'grant-unfit' for another kind or use.
   */
  resolve(token: string, kind: GrantKind, use: GrantUse): string {
    const found = this.known(token);
    if (found.kind !== kind || !GRANT_USES[kind].includes(use))
      throw new AppError(
        'grant-unfit',
        message('files.chosenAsOther', { path: found.path, kind: NAMES[kind] }),
        {
          where: found.path,
        },
      );
    const isSame = found.real !== '' && realPathOf(found.path) === found.real;
    if (!isSame || isOutside(found))
      throw refusal(message('files.leadsElsewhere', { path: found.path }), found.path);
    return found.path;
  }

  /** As `resolve`, for a use that takes files of several kinds. */
  resolveOneOf(token: string, kinds: readonly GrantKind[], use: GrantUse): string {
    const { kind } = this.known(token);
    const [first = kind] = kinds;
    return this.resolve(token, kinds.includes(kind) ? kind : first, use);
  }

  private known(token: string): Granted {
    const found = this.granted.get(token);
    if (found !== undefined) return found;
    throw new AppError('grant-unknown', message('files.notChosen'));
  }

  private give(granted: Granted): DescribedPath {
    const key = JSON.stringify([granted.path, granted.kind, granted.real, granted.within]);
    const token = this.tokenOf.get(key) ?? randomBytes(18).toString('base64url');
    this.tokenOf.set(key, token);
    this.granted.set(token, granted);
    return { grant: token, path: granted.path, name: basename(granted.path) || granted.path };
  }
}

const NAMES: { readonly [K in GrantKind]: Message } = {
  folder: message('files.aFolder'),
  project: message('files.aProjectFile'),
  table: message('files.aTable'),
  model: message('files.aModelFile'),
  image: message('files.anImageFile'),
  export: message('files.anExport'),
  file: message('files.aFile'),
};

function isOutside({ real, within }: Granted): boolean {
  return within !== null && (!isInside(within, real) || isHiddenBelow(within, real));
}

function refusal(why: Message, where: string): AppError {
  return new AppError('grant-unknown', why, { where });
}
