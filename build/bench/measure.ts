import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { X86Level } from '#core/contract/engineProblem.ts';
import type { BenchNetwork } from './networks.ts';

export interface Sample {
  readonly ms: number;
  /** Processor time of a step, of all threads. */
  readonly cpuMs: number;
  readonly peakRssMb: number;
  /** Only for our samples. */
  readonly efficiency?: number;
  readonly precision?: string;
  /** The backend that computed it. */
  readonly by: string;
}

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'cli/normlab.mjs');
const SCRIPT = join(import.meta.dirname, 'torch_step.py');
/** How both are measured. */
export interface Measuring {
  readonly seconds: number;
  readonly threads: number;
  /** The forward pass with frozen statistics instead of a training step. */
  readonly isInference: boolean;
  /** The level that both are limited to; null: all that the machine has. */
  readonly cpu: X86Level | null;
}

/**
 * The variables that limit PyTorch: its own kernels, oneDNN's and MKL's. MKL has no switch below AVX2 that Intel
 * documents for it, so SSE4.2 stands for v2.
 */
const TORCH_CAPS: Readonly<Record<X86Level, Readonly<Record<string, string>>>> = {
  v2: { ATEN_CPU_CAPABILITY: 'default', ONEDNN_MAX_CPU_ISA: 'SSE41', MKL_ENABLE_INSTRUCTIONS: 'SSE4_2' },
  v3: { ATEN_CPU_CAPABILITY: 'avx2', ONEDNN_MAX_CPU_ISA: 'AVX2', MKL_ENABLE_INSTRUCTIONS: 'AVX2' },
  v4: {
    ATEN_CPU_CAPABILITY: 'avx512',
    ONEDNN_MAX_CPU_ISA: 'AVX512_CORE_BF16',
    MKL_ENABLE_INSTRUCTIONS: 'AVX512',
  },
  amx: {},
};

export type TorchMode = 'f32' | 'f32-nhwc' | 'bf16-nhwc';

/**
 * Runs one `normlab bench` of about `seconds` in a separate process. Throws an `Error` with its output when it fails.
 */
export function measureOurs(net: BenchNetwork, precision: string, how: Measuring): Sample {
  const steps = String(stepsIn(net, how));
  const size = `${String(net.size)}x${String(net.size)}x${String(net.channels)}`;
  const args = ['--template', net.template, '--batch', String(net.batch), '--size', size];
  const rest = ['--precision', precision, '--threads', String(how.threads), '--steps', steps, '--json'];
  if (how.isInference) rest.push('--inference');
  const env = { ...process.env, ...(how.cpu === null ? {} : { NORMLAB_CPU: how.cpu }) };
  const out = lastJson(process.execPath, [BIN, 'bench', ...args, ...rest], { env });
  return {
    ms: Number(out['msPerStep']),
    cpuMs: Number(out['cpuMsPerStep']),
    peakRssMb: Number(out['peakRssMb']),
    efficiency: Number(out['efficiency']),
    precision: String(out['precision']),
    by: String(out['backend']),
  };
}

/** Milliseconds of a training step, generously guessed; a forward pass takes about a quarter of that. */
const GUESSED_MS: Readonly<Record<string, number>> = {
  'bn-mlp': 0.6,
  'mnist-cnn-bn': 4,
  resnet18: 1500,
  'mobilenet-v2': 1500,
  'efficientnet-lite0': 2000,
  'vgg11-bn': 2500,
};

/** Number of steps for about the requested time. */
function stepsIn(net: BenchNetwork, { seconds, isInference }: Measuring): number {
  const trainMs = (GUESSED_MS[net.template] ?? 120) * (net.batch === 1 ? 0.1 : 1);
  return Math.max(7, Math.round((1000 * seconds) / (isInference ? trainMs / 4 : trainMs)));
}

/**
 * Times steps of the same network in PyTorch, in a separate process. Throws an `Error` with its output when it
 * fails.
 */
export function measureTorch(
  python: readonly string[],
  net: BenchNetwork,
  mode: TorchMode,
  how: Measuring,
): Sample {
  const [command = 'python3', ...before] = python;
  const task = how.isInference ? 'infer' : 'train';
  const args = [net.template, mode, net.batch, net.size, how.seconds, how.threads, task].map(String);
  const out = lastJson(command, [...before, '-', ...args], {
    input: readFileSync(SCRIPT, 'utf8'),
    env: { ...capabilityHint(), ...process.env, ...(how.cpu === null ? {} : TORCH_CAPS[how.cpu]) },
  });
  return {
    ms: Number(out['ms']),
    cpuMs: Number(out['cpuMs']),
    peakRssMb: Number(out['peakRssMb']),
    by: `PyTorch ${String(out['version'])}, ${String(out['capability'])}`,
  };
}

/** The version of torch of an interpreter; null when it has none. */
export function torchVersion(python: readonly string[]): string | null {
  const [command = 'python3', ...before] = python;
  const done = spawnSync(command, [...before, '-c', 'import torch; print(torch.__version__)'], {
    encoding: 'utf8',
  });
  return done.status === 0 ? (done.stdout.trim().split('\n').at(-1) ?? null) : null;
}

/**
 * PyTorch reads /proc/cpuinfo to choose its kernels and uses the slowest where it cannot, as in a bare chroot: pass it
 * the capability explicitly.
 */
export function capabilityHint(): Record<string, string> {
  const info = '/proc/cpuinfo';
  const flags = existsSync(info) ? readFileSync(info, 'utf8') : '';
  const has = (flag: string): boolean => new RegExp(`^flags.*\\b${flag}\\b`, 'm').test(flags);
  if (has('avx512f') && has('avx512bw')) return { ATEN_CPU_CAPABILITY: 'avx512' };
  return has('avx2') ? { ATEN_CPU_CAPABILITY: 'avx2' } : {};
}

function lastJson(
  command: string,
  args: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv },
): Record<string, unknown> {
  const done = spawnSync(command, args, { encoding: 'utf8', ...options });
  const line = (done.stdout ?? '').trim().split('\n').at(-1) ?? '';
  if (done.status !== 0 || !line.startsWith('{'))
    throw new Error(
      `${[command, ...args].join(' ')} failed: ${(done.stderr ?? '').trim().split('\n').at(-1) ?? ''}`,
    );
  return JSON.parse(line) as Record<string, unknown>;
}
