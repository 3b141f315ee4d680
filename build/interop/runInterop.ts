import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadNativeBackend } from '#workers/native/loadNativeBackend.ts';
import { preparePython } from './pythonEnvironment.ts';
import { writeArchitectures } from './writeArchitectures.ts';
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
    const cases = join(folder, 'networks');
    const architectures = join(folder, 'architectures');
    console.log(`interop: ${await writeCases(cases)} networks exported`);
    console.log(`interop: ${architectureNote(architectures)}`);
    for (const note of notes) console.log(`interop: ${note}`);
    const done = spawnSync(python, ['-B', join(import.meta.dirname, 'run_checks.py')], {
      encoding: 'utf8',
      env: {
        ...process.env,
        NORMLAB_INTEROP_CASES: cases,
        NORMLAB_INTEROP_ARCHITECTURES: architectures,
        NORMLAB_INTEROP_NODE: process.execPath,
      },
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

/** Writes the cases of the architectures where the native engine is there: the reference would take an hour. */
function architectureNote(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const native = loadNativeBackend();
  if (!('backend' in native)) return 'the native engine is not there: the architectures are left out';
  return `${writeArchitectures(folder, native.backend)} architectures computed`;
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
