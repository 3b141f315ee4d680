import { dirname } from 'node:path/posix';
import { FOLDER_ORDER, TEST_FOLDERS, type RoomOrder } from './importRules.ts';

const TEST_FILE = /\.(test|spec|bench)\.ts$|(^|\/)testing\.ts$/;

/** True for a test and for a file that only tests import. */
export function isTestFile(path: string): boolean {
  return (
    TEST_FILE.test(path) ||
    dirname(path)
      .split('/')
      .some((folder) => TEST_FOLDERS.includes(folder))
  );
}

/**
 * Why the file `from` may not import the file `to` of the same room, in one line; undefined where it may. Tests and
 * their helpers are exempt from the order.
 */
export function checkFolders(
  from: string,
  to: string,
  rooms: Readonly<Record<string, RoomOrder>> = FOLDER_ORDER,
): string[] {
  const room = from.slice(0, from.indexOf('/'));
  const order = rooms[room];
  if (order === undefined || !to.startsWith(`${room}/`) || isTestFile(from)) return [];
  if (isTestFile(to)) return [`${from} imports ${to}: only tests may import a test or a helper of tests`];
  const { folders } = order;
  const [fromFolder, toFolder] = [folderOf(from, folders), folderOf(to, folders)];
  const unlisted = [fromFolder, toFolder].find((folder) => !folders.includes(folder));
  if (unlisted !== undefined)
    return [
      `${from} imports ${to}: ${unlisted} has no place in the order of ${room} (build/gates/importRules.ts)`,
    ];
  const place = folders.indexOf(fromFolder);
  if (folders.indexOf(toFolder) <= place) return [];
  const allowed = ['itself', ...folders.slice(0, place)].join(', ');
  return [`${from} imports ${to}: in ${room}, ${fromFolder} may import ${allowed} only`];
}

/** The listed folder that a file of a room belongs to, or the first folder of its path where none is listed. */
function folderOf(path: string, folders: readonly string[]): string {
  const [, ...inRoom] = dirname(path).split('/');
  for (let depth = inRoom.length; depth > 0; depth -= 1) {
    const folder = inRoom.slice(0, depth).join('/');
    if (folders.includes(folder)) return folder;
  }
  return inRoom[0] ?? '.';
}
