import { join } from 'node:path';
import type { App } from 'electron';

/** Paths of the parts of the built app; `build/package/buildApp.ts` puts them there. */
export interface LabPaths {
  readonly preload: string;
  readonly host: string;
  readonly screen: string;
  readonly samples: string;
}

export function labPaths(app: App): LabPaths {
  const root = app.getAppPath();
  return {
    preload: join(root, 'dist/shell/preload.cjs'),
    // Outside the archive: worker threads and native libraries are loaded from plain files.
    host: join(root.replace(/\.asar$/, '.asar.unpacked'), 'dist/host/hostProcess.js'),
    screen: join(root, 'renderer/dist'),
    samples: app.isPackaged
      ? join(process.resourcesPath, 'sample-images')
      : join(root, 'build/out/sample-images'),
  };
}
