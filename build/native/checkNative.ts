import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { nativePaths } from './nativePaths.ts';
import { runTool } from './runTool.ts';

/*
 * `npm run check:native`: runs the native engine under AddressSanitizer and UndefinedBehaviorSanitizer (the native
 * suite, the golden files, sessions and workers opened and closed), then 1,000 sessions and 1,000 worker threads with
 * the ordinary addon, which must not leak memory. Linux with g++; some minutes. The exit status is 0 when nothing was
 * found.
 */
const paths = nativePaths();
const folder = join(paths.source, 'build', 'sanitized');
const sanitized = join(folder, 'normlab_native.node');
/** Tolerated growth of resident memory per round, in bytes: noise of the allocator; a session's state has 0.8 MB. */
const BYTES_PER_ROUND = 20_000;

function build(): void {
  mkdirSync(folder, { recursive: true });
  const cmakeFolder = join(folder, '.cmake');
  const definitions = [
    '-DCMAKE_BUILD_TYPE=Release',
    `-DMODULES=${paths.modules}`,
    `-DADDON_FOLDER=${folder}`,
  ];
  const steps = [
    ['-S', paths.source, '-B', cmakeFolder, ...definitions, '-DSANITIZE=address,undefined'],
    ['--build', cmakeFolder, '--target', 'normlab_native', '--parallel'],
  ];
  for (const args of steps) {
    const result = runTool('cmake', args);
    if (result?.status !== 0) throw new Error(result?.output ?? 'CMake is not there: npm run setup');
  }
}

/** Path of one of the compiler's own libraries; the sanitizer must be loaded before Node. */
function compilerLibrary(name: string): string {
  const found = runTool('g++', [`-print-file-name=${name}`])?.output.trim() ?? '';
  if (!existsSync(found)) throw new Error(`g++ has no ${name}: install the compiler's sanitizer libraries`);
  return found;
}

function sanitizerEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NORMLAB_NATIVE: sanitized,
    LD_PRELOAD: ['libasan.so', 'libstdc++.so'].map(compilerLibrary).join(' '),
    // Leaks are not checked, because Node itself exits with memory in use. The quarantine of freed memory is only 1 MB,
    // so that tests of memory use still pass.
    ASAN_OPTIONS: 'detect_leaks=0:halt_on_error=1:quarantine_size_mb=1',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  };
}

function run(what: string, args: readonly string[], env: NodeJS.ProcessEnv): boolean {
  console.log(`check:native: ${what}`);
  return spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status === 0;
}

const SUITE = [
  ...['node_modules/vitest/vitest.mjs', 'run', 'workers/native', 'build/goldens', '--reporter=dot'],
  ...['--testTimeout=240000', '--exclude', '**/*.leak.test.ts'],
];
const SOAK = join('build', 'native', 'soakNative.ts');

build();
const environment = sanitizerEnvironment();
const passed = [
  run('native suite and golden files under sanitizers', SUITE, environment),
  run('40 sessions and 40 workers under sanitizers', [SOAK, '40'], environment),
  run('1,000 sessions and 1,000 workers', [SOAK, '1000', String(BYTES_PER_ROUND)], process.env),
];
const failed = passed.filter((each) => !each).length;
console.log(`check:native: ${passed.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
