import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { preparePython } from './pythonEnvironment.ts';
import { runPython, type PythonRun, type Report } from './runPython.ts';
import { selectChecks, type ChecksToRun } from './selectChecks.ts';
import { summaryLines } from './summary.ts';
import { writeArchitectures } from './writeArchitectures.ts';
import { writeContinuations } from './writeContinuations.ts';
import { writeCurves } from './writeCurves.ts';
import { writeEvaluations } from './writeEvaluations.ts';
import { writeLooks } from './writeLooks.ts';
import { writePictures } from './writePictures.ts';
import { writePairs } from './writePairs.ts';
import { writePredictions } from './writePredictions.ts';
import { writeCases } from './writeCases.ts';
import { writeClusterCases } from './writeClusterCases.ts';

/*
 * `npm run interop`: exports networks with random weights and trained ones, and loads them in the real frameworks:
 * onnx, ONNX Runtime, safetensors, PyTorch, Keras, OpenCV, NumPy; and reads files that they write. scikit-learn
 * recomputes the figures of evaluations, PyTorch the maps of what a network looks at. A framework that cannot be
 * installed, and a missing native engine, count as failed. The last line is `interop: N passed, N failed`; the exit
 * status is 0 when none failed. `--only WORD,...` runs the files `check_*.py` whose names contain a word, and writes
 * only what they read.
 */

/** What is written for the checks, by the environment variable that has its path; each gives a line about it. */
const WRITERS: Readonly<Record<string, (folder: string) => Promise<string> | string>> = {
  NORMLAB_INTEROP_CASES: writeCases,
  NORMLAB_INTEROP_PREDICTIONS: async (folder) =>
    `${await writePredictions(folder)} folders for PyTorch and for Keras with images`,
  NORMLAB_INTEROP_CONTINUATIONS: writeContinuations,
  NORMLAB_INTEROP_ARCHITECTURES: (folder) =>
    `${writeArchitectures(folder, chooseBackend().backend)} architectures computed`,
  NORMLAB_INTEROP_CURVES: (folder) => {
    writeCurves(folder);
    return 'the figures of a run written';
  },
  NORMLAB_INTEROP_EVALUATIONS: async (folder) => {
    await writeEvaluations(folder);
    return 'the figures of evaluations written';
  },
  NORMLAB_INTEROP_LOOKS: writeLooks,
  NORMLAB_INTEROP_PICTURES: writePictures,
  NORMLAB_INTEROP_PAIRS: async (folder) => {
    await writePairs(folder);
    return 'the comparisons of two networks written';
  },
  NORMLAB_INTEROP_CLUSTER: async (folder) => `${await writeClusterCases(folder)} runs for a cluster trained`,
};

/** The checks whose Keras has a process of its own for each backend, since a process can load one. */
const isOfKeras = (file: string): boolean => file.includes('keras');
/** Checks that take other backends than the first too, with fewer random networks. */
const ON_EACH_BACKEND = ['check_keras_export.py', 'check_keras_continuation.py'];

function pythonRuns({ files }: ChecksToRun): readonly PythonRun[] {
  const few = files.filter((file) => ON_EACH_BACKEND.includes(file));
  const jax = { KERAS_BACKEND: 'jax', NORMLAB_INTEROP_FEW: '1', XLA_FLAGS: JAX_FLAGS };
  return [
    {
      name: 'Keras on TensorFlow',
      files: files.filter((file) => isOfKeras(file)),
      environment: { KERAS_BACKEND: 'tensorflow', TF_CPP_MIN_LOG_LEVEL: '3' },
    },
    { name: 'all others', files: files.filter((file) => !isOfKeras(file)) },
    { name: 'Keras on JAX', files: few, environment: jax },
  ].filter((run) => run.files.length > 0);
}

/** Compiling each operation takes most of the time; the numbers are the same. */
const JAX_FLAGS = '--xla_backend_optimization_level=0';
/** Processes of Python at the same time. */
const AT_ONCE = 2;

async function runChecks(words: readonly string[]): Promise<readonly Report[]> {
  const checks = selectChecks(words);
  const { note } = chooseBackend();
  if (note !== null) throw new Error(`the checks need the native engine: ${inEnglish(note)}`);
  const python = preparePython();
  const folder = mkdtempSync(join(tmpdir(), 'normlab-interop-'));
  try {
    const environment: Record<string, string> = {};
    for (const [variable, write] of Object.entries(WRITERS)) {
      const target = join(folder, variable.toLowerCase());
      environment[variable] = target;
      if (!checks.reads(variable)) continue;
      mkdirSync(target);
      console.log(`interop: ${await write(target)}`);
    }
    const reports: Report[] = [];
    const waiting = pythonRuns(checks).values();
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (const run of waiting) reports.push(await runPython(python, run, environment));
    });
    await Promise.all(workers);
    return reports;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOrExplain(): Promise<readonly Report[] | null> {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string' } } });
    return await runChecks(values.only?.split(',') ?? []);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return null;
  }
}

const reports = await runOrExplain();
const sumOf = (key: 'passed' | 'failed'): number =>
  (reports ?? []).reduce((sum, report) => sum + report[key], 0);
for (const line of summaryLines(reports ?? [])) console.log(`interop: ${line}`);
const engine = chooseBackend().backend.description;
console.log(`interop: versions of ours: Node ${process.versions.node}, ${engine}`);
const failed = reports === null ? 1 : sumOf('failed');
console.log(`interop: ${sumOf('passed')} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
