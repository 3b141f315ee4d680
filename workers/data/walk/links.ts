import { realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { readProblem } from '../../files/systemErrors.ts';

/** What a symbolic link stands for in a scan. */
export type LinkTarget =
  | { readonly kind: 'file' }
  | { readonly kind: 'folder'; readonly realPath: string }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * The rules for links: one that leads out of the chosen folder is followed; one to a picture or folder inside it is left out,
 * for its target is counted already (a second copy could land on the other side of a split); and no folder is walked twice.
 * `root` is the real path of the chosen folder, `walked` the real paths of folders outside it that were walked before.
 */
export function resolveLink(path: string, root: string, walked: ReadonlySet<string>): LinkTarget {
  try {
    const realPath = realpathSync(path);
    const stats = statSync(realPath);
    if (isInside(realPath, root)) return none('a link to what this folder holds already; left out');
    if (stats.isFile()) return { kind: 'file' };
    if (!stats.isDirectory()) return none('a link to neither a file nor a folder');
    const wouldLoop = isInside(root, realPath) || walked.has(realPath);
    return wouldLoop ? none('a link to a folder that is walked already') : { kind: 'folder', realPath };
  } catch (thrown) {
    const missing = readProblem(thrown, path) === 'it is no longer there';
    return none(missing ? 'a link to a file that does not exist' : readProblem(thrown, path));
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function none(reason: string): LinkTarget {
  return { kind: 'none', reason };
}
