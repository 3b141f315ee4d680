import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from './cli/nodeFlags.mjs';

/** Not the folder of the command line: one test empties that. */
const COMPILED = fileURLToPath(new URL('node_modules/.cache/normlab-tests', import.meta.url));

export default defineConfig({
  test: {
    include: [
      'core/**/*.test.ts',
      'workers/**/*.test.ts',
      'cli/**/*.test.ts',
      'electron/**/*.test.ts',
      'renderer/**/*.test.ts',
      'build/**/*.test.ts',
    ],
    globalSetup: ['build/gates/engineForTests.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'e2e/**'],
    // Native code is loaded in worker processes, where a crash ends one test file and not the run.
    pool: 'forks',
    execArgv: NODE_FLAGS,
    maxWorkers: 2,
    // The engine's working memory is filled with NaN before every step.
    // Models that were fetched into this checkout are no part of a test.
    // Worker threads find the TypeScript that an earlier one compiled, as those of the command line do: they start in
    // half the time, and without Node's compiler, whose WebAssembly has ended the process (cli/nodeFlags.mjs).
    env: { NORMLAB_POISON: '1', NORMLAB_MODELS: '', NODE_COMPILE_CACHE: COMPILED },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
