import { join } from 'node:path';
import type { App } from 'electron';

/** Paths of the parts of the built app; `build/package/buildApp.ts` puts them there. */
export interface LabPaths {
  readonly preload: string;
  readonly host: string;
  readonly screen: string;
  readonly samples: string;
  /** Models that come with NormLab; the folder may be missing. */
  readonly models: string;
}

export function labPaths(app: App): LabPaths {
  const root = app.getAppPath();
  const resource = (name: string): string =>
    join(app.isPackaged ? process.resourcesPath : join(root, 'build/out'), name);
  return {
    preload: join(root, 'dist/shell/preload.cjs'),
    // Outside the archive: worker threads and native libraries are loaded from plain files.
    host: join(root.replace(/\.asar$/, '.asar.unpacked'), 'dist/host/hostProcess.js'),
    screen: join(root, 'renderer/dist'),
    samples: resource('sample-images'),
    models: resource('models'),
  };
}
