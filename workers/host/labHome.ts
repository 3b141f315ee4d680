import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the lab keeps what is its own: runs, decoded pictures, recovery copies. Never the user's folders. */
export interface LabHome {
  readonly folder: string;
  readonly runs: string;
  readonly cache: string;
  readonly recovery: string;
  readonly recentFile: string;
}

/**
 * The lab's folders, made where they are missing. `folder` defaults to `NORMLAB_HOME`, else the system's place for
 * application data.
 */
export function openLabHome(folder: string = defaultHome()): LabHome {
  const home: LabHome = {
    folder,
    runs: join(folder, 'runs'),
    cache: join(folder, 'cache'),
    recovery: join(folder, 'recovery'),
    recentFile: join(folder, 'recent.json'),
  };
  for (const path of [home.runs, home.cache, home.recovery]) mkdirSync(path, { recursive: true });
  return home;
}

function defaultHome(): string {
  const { NORMLAB_HOME, APPDATA, XDG_DATA_HOME } = process.env;
  if (NORMLAB_HOME) return NORMLAB_HOME;
  if (process.platform === 'win32' && APPDATA) return join(APPDATA, 'NormLab');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'NormLab');
  return join(XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'normlab');
}
