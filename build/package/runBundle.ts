import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleApp, DIST } from './bundle.ts';
import { copyNativeFiles } from './nativeFiles.ts';

/** `dist/` as the shell needs it: bundles, and the native files beside the host. */
await bundleApp();
mkdirSync(join(DIST, 'host/build'), { recursive: true });
copyNativeFiles(join(DIST, 'host/build'));
