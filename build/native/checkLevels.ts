import { spawnSync } from 'node:child_process';
import { levelsBeside } from '#core/contract/engineProblem.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { loadNativeAddon } from '#workers/native/loadNativeBackend.ts';

/*
 * `npm run check:levels`: the conformance suite, the random networks and the golden files of the native engine at every
 * level of processors below this machine's own, which `npm test` covers. The exit status is 0 when all pass.
 */
const SUITE = [
  ...['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', '--testTimeout=120000'],
  ...['conformance', 'property', 'winograd', 'direct', 'depthwise', 'taps'].map(
    (part) => `workers/native/nativeBackend.${part}`,
  ),
  ...['blocks', 'cells', 'shapes', 'convTiles'].map((part) => `workers/native/nativeBackend.${part}`),
  'build/goldens',
];

const loaded = loadNativeAddon({ ...process.env, NORMLAB_CPU: undefined });
const addon = must('addon' in loaded ? loaded.addon : null, 'native engine, which npm run setup builds');
const machine = addon.describeLibrary().machine;
const levels = levelsBeside(machine).slice(0, levelsBeside(machine).indexOf(machine));
const failed = levels.filter((level) => {
  console.log(`check:levels: ${level}`);
  const env = { ...process.env, NORMLAB_CPU: level };
  return spawnSync(process.execPath, SUITE, { env, stdio: 'inherit' }).status !== 0;
});
console.log(`check:levels: ${levels.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
