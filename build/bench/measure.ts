import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchNetwork } from './networks.ts';

export interface Sample {
  readonly ms: number;
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
export type TorchMode = 'f32' | 'f32-nhwc' | 'bf16-nhwc';

/**
 * Runs one `normlab bench` of about `seconds` in a separate process. Throws an `Error` with its output when it fails.
 */
export function measureOurs(net: BenchNetwork, precision: string, seconds: number, threads: number): Sample {
  const steps = String(stepsIn(net, seconds));
  const size = `${String(net.size)}x${String(net.size)}x${String(net.channels)}`;
  const args = ['--template', net.template, '--batch', String(net.batch), '--size', size];
  const rest = ['--precision', precision, '--threads', String(threads), '--steps', steps, '--json'];
  const out = lastJson(process.execPath, [BIN, 'bench', ...args, ...rest], {});
  return {
    ms: Number(out['msPerStep']),
    peakRssMb: Number(out['peakRssMb']),
    efficiency: Number(out['efficiency']),
    precision: String(out['precision']),
    by: String(out['backend']),
  };
}

/** Number of steps for about the requested time, from a generous estimate of the network's speed. */
function stepsIn(net: BenchNetwork, seconds: number): number {
  const guessedMs = net.template === 'bn-mlp' ? 0.6 : net.template === 'mnist-cnn-bn' ? 4 : 120;
  return Math.max(15, Math.round((1000 * seconds) / guessedMs));
}

/**
 * Times training steps of the same network in PyTorch, in a separate process. Throws an `Error` with its output when it
 * fails.
 */
export function measureTorch(
  python: readonly string[],
  net: BenchNetwork,
  mode: TorchMode,
  seconds: number,
  threads: number,
): Sample {
  const [command = 'python3', ...before] = python;
  const args = [net.template, mode, net.batch, net.size, seconds, threads].map(String);
  const out = lastJson(command, [...before, '-', ...args], {
    input: readFileSync(SCRIPT, 'utf8'),
    env: { ...capabilityHint(), ...process.env },
  });
  return {
    ms: Number(out['ms']),
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
