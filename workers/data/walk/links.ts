import { realpathSync, statSync } from 'node:fs';
<<<<<<< 64d099c5752bf3d2c169fa4cb39c3eb79c7b0427
import { isInside } from '../../files/realPath.ts';
=======
import { sep } from 'node:path';
import { advised } from '../imageReasons.ts';
>>>>>>> 9676664c9123d9679e0aac8186f4d148f83e208c
import { readProblem } from '../../files/systemErrors.ts';
import { message, type Message } from '#core/words/message.ts';

/** What a symbolic link stands for in a scan. */
type LinkTarget =
  | { readonly kind: 'file' }
  | { readonly kind: 'folder'; readonly realPath: string }
  | { readonly kind: 'none'; readonly reason: Message };

/**
 * The rules for links: one that leads out of the chosen folder is followed; one to a picture or folder inside it is left out,
 * for its target is counted already (a second copy could land on the other side of a split); and no folder is walked twice.
 * `root` is the real path of the chosen folder, `walked` the real paths of folders outside it that were walked before.
 */
export function resolveLink(path: string, root: string, walked: ReadonlySet<string>): LinkTarget {
  try {
    const realPath = realpathSync(path);
    const stats = statSync(realPath);
<<<<<<< 64d099c5752bf3d2c169fa4cb39c3eb79c7b0427
    if (isInside(root, realPath)) return none('a link to what this folder holds already; left out');
    if (stats.isFile()) return { kind: 'file' };
    if (!stats.isDirectory()) return none('a link to neither a file nor a folder');
    const wouldLoop = isInside(realPath, root) || walked.has(realPath);
    return wouldLoop ? none('a link to a folder that is walked already') : { kind: 'folder', realPath };
=======
    if (isInside(realPath, root)) return none(advised(message('images.linkInside'), 'images.leftOut'));
    if (stats.isFile()) return { kind: 'file' };
    if (!stats.isDirectory()) return none(message('images.linkToNeither'));
    const wouldLoop = isInside(root, realPath) || walked.has(realPath);
    return wouldLoop ? none(message('images.linkLoops')) : { kind: 'folder', realPath };
>>>>>>> 9676664c9123d9679e0aac8186f4d148f83e208c
  } catch (thrown) {
    const reason = readProblem(thrown, path);
    return none(reason.key === 'reading.gone' ? message('images.linkDangles') : reason);
  }
}

<<<<<<< 64d099c5752bf3d2c169fa4cb39c3eb79c7b0427
function none(reason: string): LinkTarget {
=======
function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function none(reason: Message): LinkTarget {
>>>>>>> 9676664c9123d9679e0aac8186f4d148f83e208c
  return { kind: 'none', reason };
}
