import { realpathSync, statSync } from 'node:fs';
import { isInside } from '../../files/realPath.ts';
import { advised } from '../../files/imageReasons.ts';
import { readProblem } from '../../files/systemErrors.ts';
import { message, type Message } from '#core/words/message.ts';

/** How a scan treats a symbolic link. */
type LinkTarget =
  | { readonly kind: 'file' }
  | { readonly kind: 'folder'; readonly realPath: string }
  | { readonly kind: 'none'; readonly reason: Message };

/**
 * The rules for links: a link that leads out of the chosen folder is followed; a link to an image or folder inside it
 * is ignored, because its target is counted already (a second copy could land on the other side of a split); no folder
 * is walked twice. `root` is the real path of the chosen folder, `walked` the real paths of folders outside it that
 * were walked before.
 */
export function resolveLink(path: string, root: string, walked: ReadonlySet<string>): LinkTarget {
  try {
    const realPath = realpathSync(path);
    const stats = statSync(realPath);
    if (isInside(root, realPath)) return none(advised(message('images.linkInside'), 'images.leftOut'));
    if (stats.isFile()) return { kind: 'file' };
    if (!stats.isDirectory()) return none(message('images.linkToNeither'));
    const wouldLoop = isInside(realPath, root) || walked.has(realPath);
    return wouldLoop ? none(message('images.linkLoops')) : { kind: 'folder', realPath };
  } catch (thrown) {
    const reason = readProblem(thrown, path);
    return none(reason.key === 'reading.gone' ? message('images.linkDangles') : reason);
  }
}

function none(reason: Message): LinkTarget {
  return { kind: 'none', reason };
}
