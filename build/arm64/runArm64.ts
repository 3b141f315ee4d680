import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CMAKE_FOLDER, FOLDER } from './arm64Paths.ts';
import { buildArm64 } from './buildArm64.ts';
import { fetchNode } from './fetchNode.ts';
import { fetchSystem } from './fetchSystem.ts';
import { foreignHeaders } from './foreignHeaders.ts';
import { missingTools } from './missingTools.ts';

/*
 * `npm run check:arm64`: compiles both addons for arm64 and runs the tests of the engine's numbers with it under qemu.
 * Arguments are passed on to Vitest. The exit status is 0 when everything passed.
 */
const CONFIG = join('build', 'arm64', 'vitest.config.ts');

/** Runs one part and prints its time; false when it failed. */
function part(what: string, work: () => boolean): boolean {
  const began = performance.now();
  const passed = succeeds(work);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`check:arm64: ${what}: ${passed ? 'passed' : 'FAILED'} (${seconds} s)`);
  return passed;
}

/** False when `work` says so, or throws: the reason is printed. */
function succeeds(work: () => boolean): boolean {
  try {
    return work();
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : cause);
    return false;
  }
}

function prepare(): boolean {
  mkdirSync(FOLDER, { recursive: true });
  fetchSystem();
  fetchNode();
  return true;
}

function compile(): boolean {
  buildArm64();
  const foreign = foreignHeaders(CMAKE_FOLDER);
  for (const header of foreign) console.error(`the build for arm64 reaches ${header}`);
  return foreign.length === 0;
}

function test(): boolean {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', CONFIG, '--root', '.'];
  return spawnSync(process.execPath, [...args, ...process.argv.slice(2)], { stdio: 'inherit' }).status === 0;
}

function check(): boolean {
  const missing = missingTools();
  if (missing !== null) {
    console.error(missing);
    return false;
  }
  return (
    part("Debian's arm64 packages and Node", prepare) &&
    part('compilation, no header of x86 reached', compile) &&
    part('tests under qemu', test)
  );
}

process.exitCode = check() ? 0 : 1;
