import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { capabilityHint } from './measure.ts';

/** What both sides do: a new head on frozen weights, features once, then epochs of the head on all images at once. */
export interface HeadWork {
  /** Weights of EfficientNet-Lite0 with the names of efficientnet_lite_pytorch. */
  readonly model: string;
  readonly train: string;
  readonly test: string;
  readonly epochs: number;
  readonly threads: number;
}

/** One whole process, from its start to its end. */
export interface HeadSample {
  readonly seconds: number;
  readonly peakRssMb: number;
  /** Share of the test images that are classified rightly. */
  readonly accuracy: number;
  readonly by: string;
}

const BIN = join(import.meta.dirname, '../../cli/normlab.mjs');
const SCRIPT = join(import.meta.dirname, 'torch_head.py');
const PEAK = join(import.meta.dirname, 'peakMemory.mjs');

/** `normlab train` with caches of its own, which are empty at the start. Throws an `Error` with its output. */
export function measureHead(work: HeadWork): HeadSample {
  const scratch = mkdtempSync(join(tmpdir(), 'normlab-fine-tune-'));
  try {
    const { model, train, test, epochs, threads } = work;
    const files = readdirSync(train, { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    const args = ['--from', model, '--train', 'head', '--bn', 'frozen', '--data', train, '--val', test];
    const step = ['--optimizer', 'adam', '--lr', '0.01', '--schedule', 'constant', '--warmup', '0'];
    const plain = ['--weight-decay', '0', '--augment', 'none', '--no-shuffle', '--precision', 'f32'];
    const size = ['--epochs', epochs, '--batch', files.length, '--threads', threads].map(String);
    const out = ['--out', join(scratch, 'run'), '--json'];
    const command = [
      '--import',
      pathToFileURL(PEAK).href,
      BIN,
      'train',
      ...args,
      ...step,
      ...plain,
      ...size,
      ...out,
    ];
    const done = run(process.execPath, command, {
      env: { ...process.env, NORMLAB_HOME: join(scratch, 'home') },
    });
    const { val, backend } = done.json as { val: { accuracy: number }; backend: string };
    const peak = /^peak memory: (\d+) KB$/m.exec(done.stderr)?.[1];
    return {
      seconds: done.seconds,
      peakRssMb: Number(peak) / 1024,
      accuracy: val.accuracy,
      by: `NormLab, ${backend}`,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The same in PyTorch. Throws an `Error` with its output. */
export function measureTorchHead(python: string, work: HeadWork): HeadSample {
  const { model, train, test, epochs, threads } = work;
  const done = run(python, ['-', model, train, test, String(epochs), String(threads)], {
    input: readFileSync(SCRIPT, 'utf8'),
    env: { ...capabilityHint(), ...process.env },
  });
  const facts = done.json as { test: number; peakRssMb: number; version: string };
  return {
    seconds: done.seconds,
    peakRssMb: facts.peakRssMb,
    accuracy: facts.test,
    by: `PyTorch ${facts.version}`,
  };
}

interface Done {
  readonly seconds: number;
  /** Of the last line of stdout. */
  readonly json: unknown;
  readonly stderr: string;
}

function run(
  command: string,
  args: readonly string[],
  options: { input?: string; env: NodeJS.ProcessEnv },
): Done {
  const started = performance.now();
  const done = spawnSync(command, args, { encoding: 'utf8', ...options });
  const seconds = (performance.now() - started) / 1000;
  const line = (done.stdout ?? '').trim().split('\n').at(-1) ?? '';
  if (done.status !== 0 || !line.startsWith('{'))
    throw new Error(`${[command, ...args].join(' ')} failed:\n${(done.stderr ?? '').trim().slice(-2000)}`);
  return { seconds, json: JSON.parse(line), stderr: done.stderr };
}
