import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparePython } from './pythonEnvironment.ts';
import { writeCases } from './writeCases.ts';

/*
 * `npm run interop`: exports networks with random weights and loads them in the real frameworks: onnx, ONNX Runtime,
 * safetensors, PyTorch, Keras; and reads files that they write. The last line is `interop: N passed, N failed`; the
 * exit status is 0 when none failed.
 */
interface Counts {
  readonly passed: number;
  readonly failed: number;
}

async function runChecks(): Promise<Counts> {
  const { python, notes } = preparePython();
  const folder = mkdtempSync(join(tmpdir(), 'normlab-interop-'));
  try {
    console.log(`interop: ${await writeCases(folder)} networks exported`);
    for (const note of notes) console.log(`interop: ${note}`);
    const done = spawnSync(python, ['-B', join(import.meta.dirname, 'run_checks.py')], {
      encoding: 'utf8',
      env: { ...process.env, NORMLAB_INTEROP_CASES: folder, NORMLAB_INTEROP_NODE: process.execPath },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = done.stdout.trimEnd().split('\n');
    const last = lines.pop() ?? '';
    console.log(lines.join('\n'));
    if (done.status !== 0 || !last.startsWith('{')) throw new Error(`the Python checks broke off: ${last}`);
    return JSON.parse(last) as Counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOrExplain(): Promise<Counts> {
  try {
    return await runChecks();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}

const { passed, failed } = await runOrExplain();
console.log(`interop: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
