import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./testing/trainProfiled.ts', import.meta.url));
const profiles = mkdtempSync(join(tmpdir(), 'normlab-profiles-'));

afterAll(() => {
  rmSync(profiles, { recursive: true, force: true });
});

// oneDNN's matrix product for AVX runs with its stack pointer in a buffer on the heap: `run/signal_scope.h`. Without
// the scope, all of eight processes ended with "corrupted size vs. prev_size".
it('computes while a profiler interrupts it every 50 microseconds', { timeout: 120_000 }, () => {
  const profiler = ['--cpu-prof', '--cpu-prof-interval', '50', '--cpu-prof-dir', profiles];
  const env = { ...process.env, ONEDNN_MAX_CPU_ISA: 'AVX2' };
  const run = (flags: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [...flags, SCRIPT, 'bn-mlp', '200'], { env, encoding: 'utf8' });
  const [interrupted, quiet] = [run(profiler), run([])];
  expect(interrupted.stderr).toBe('');
  expect(interrupted.status).toBe(0);
  expect(Number(interrupted.stdout)).toBeGreaterThan(0);
  expect(interrupted.stdout).toBe(quiet.stdout);
});
