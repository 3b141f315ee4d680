import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { toOutputError } from './atomicFile.ts';
import { makeFolders } from './makeFolders.ts';

/** The lab's own folders: runs, decoded images, recovery copies. Never the user's folders. */
export interface LabHome {
  readonly folder: string;
  readonly runs: string;
  readonly cache: string;
  readonly recovery: string;
  /** Starting weights of projects, by their SHA-256. */
  readonly weights: string;
  /** Model files that the user has added. */
  readonly models: string;
  readonly recentFile: string;
  /** The followed runs that train elsewhere. */
  readonly remoteFile: string;
}

/**
 * Returns the lab's folders and creates missing ones. `folder` defaults to `NORMLAB_HOME`, else the system's folder for
 * application data. Throws `AppError`: 'output-not-writable' or 'disk-full'.
 */
export function openLabHome(folder: string = defaultHome()): LabHome {
  const home: LabHome = {
    folder,
    runs: join(folder, 'runs'),
    cache: join(folder, 'cache'),
    recovery: join(folder, 'recovery'),
    weights: join(folder, 'weights'),
    models: join(folder, 'models'),
    recentFile: join(folder, 'recent.json'),
    remoteFile: join(folder, 'remote.json'),
  };
  for (const path of [home.runs, home.cache, home.recovery, home.weights, home.models]) makeFolder(path);
  return home;
}

function makeFolder(path: string): void {
  try {
    makeFolders(path);
  } catch (error) {
    throw toOutputError(error, path);
  }
}

function defaultHome(): string {
  const { NORMLAB_HOME, APPDATA, XDG_DATA_HOME } = process.env;
  if (NORMLAB_HOME) return NORMLAB_HOME;
  if (process.platform === 'win32' && APPDATA) return join(APPDATA, 'NormLab');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'NormLab');
  // By the XDG specification, empty and relative paths are ignored.
  const shared = XDG_DATA_HOME !== undefined && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : null;
  return join(shared ?? join(homedir(), '.local', 'share'), 'normlab');
}
