import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InlineConfig, type Plugin } from 'vite';
import { ROOT } from '../setup/shell.ts';

/** Folder of the bundled app, beside `node_modules`: package.json's `main` refers to it. */
export const DIST = join(ROOT, 'dist');

/** Scripts that the host starts by file name; each must be a file of its own beside the others. */
export const HOST_ENTRIES = {
  hostProcess: 'workers/host/hostProcess.ts',
  trainerWorker: 'workers/training/trainerWorker.ts',
  recalibrationWorker: 'workers/inference/recalibrationWorker.ts',
  evaluationWorker: 'workers/evaluation/evaluationWorker.ts',
  classifyFolderWorker: 'workers/pictures/classifyFolderWorker.ts',
  pictureWorker: 'workers/pictures/pictureWorker.ts',
  exportWorker: 'workers/export/exportWorker.ts',
  measureFoldWorker: 'workers/export/measureFoldWorker.ts',
  clusterWorker: 'workers/cluster/clusterWorker.ts',
  doubtWorker: 'workers/host/evaluation/doubtWorker.ts',
  readingWorker: 'workers/host/reading/readingWorker.ts',
  storageWorker: 'workers/host/storage/storageWorker.ts',
  pairWorker: 'workers/pairs/pairWorker.ts',
  pairReadingWorker: 'workers/host/evaluation/pairReadingWorker.ts',
  keptWorker: 'workers/host/evaluation/keptWorker.ts',
  remoteWorker: 'workers/host/remote/remoteWorker.ts',
  decodeWorker: 'workers/data/decode/decodeWorker.ts',
  hdf5TrialWorker: 'workers/import/hdf5/hdf5TrialWorker.ts',
  modelWorker: 'workers/models/modelWorker.ts',
  augmentWorker: 'workers/data/augment/augmentWorker.ts',
};

/** Bundles the shell and the lab host from TypeScript into `dist/`; packages with files of their own stay external. */
export async function bundleApp(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  await build(nodeBundle({ main: 'electron/main.ts' }, join(DIST, 'shell'), 'es'));
  await build(nodeBundle({ preload: 'electron/preload.ts' }, join(DIST, 'shell'), 'cjs'));
  await build(nodeBundle(HOST_ENTRIES, join(DIST, 'host'), 'es'));
}

/**
 * Workers are started by the name of their source file; in the bundle they are JavaScript and all lie in one folder.
 */
const workersByBundledName: Plugin = {
  name: 'workers-by-bundled-name',
  enforce: 'pre',
  transform(code) {
    const renamed = code.replace(
      /new URL\('\.\/(\w+Worker)\.ts', import\.meta\.url\)/g,
      "new URL('./$1.js', import.meta.url)",
    );
    return renamed === code ? null : { code: renamed, map: null };
  },
};

function nodeBundle(entries: Record<string, string>, outDir: string, format: 'es' | 'cjs'): InlineConfig {
  const input = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(ROOT, file)]));
  const ending = format === 'cjs' ? 'cjs' : 'js';
  return {
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    plugins: [workersByBundledName],
    // A sandboxed preload cannot load packages: its dependencies are bundled into it.
    ssr: { noExternal: format === 'cjs' ? true : ['zod'], external: ['electron'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: false,
      rollupOptions: {
        input,
        external: ['electron'],
        // Flat: workers are found beside the file that starts them.
        output: { format, entryFileNames: `[name].${ending}`, chunkFileNames: `[name]-[hash].${ending}` },
      },
    },
  };
}
