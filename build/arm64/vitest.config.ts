import { defineConfig } from 'vitest/config';
import { ADDON, EMULATED_NODE } from './arm64Paths.ts';

/*
 * The tests that `npm run check:arm64` runs under qemu. Vitest itself runs on this machine, transforms the files and
 * starts its workers with `process.execPath`: only what a test does is emulated.
 */
process.execPath = EMULATED_NODE;

/** Not among them: tests that start a process of their own, for which the system would need qemu as well. */
const REST = [
  'optimizers',
  'statistics',
  'streams',
  'switches',
  'winograd',
  'direct',
  'depthwise',
  'taps',
  'workers',
  'badPrograms',
]
  .map((name) => `workers/native/nativeBackend.${name}.test.ts`)
  .concat('workers/native/loadNativeBackend.test.ts');

export default defineConfig({
  test: {
    include: [
      'build/goldens/goldens.test.ts',
      'workers/native/nativeBackend.{conformance,property,*.property}.test.ts',
      ...REST,
    ],
    // The float64 reference is no part of the addon.
    testNamePattern: /^(?!reference f64 against PyTorch)/,
    pool: 'forks',
    maxWorkers: 2,
    env: { NORMLAB_NATIVE: ADDON, NORMLAB_POISON: '1', NORMLAB_MODELS: '' },
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
