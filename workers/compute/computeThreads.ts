import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Number of compute threads for a setting: the setting itself, or for 0 one for each physical core that this process
 * may use.
 */
export function resolveThreads(wanted: number): number {
  if (wanted > 0) return wanted;
  return Math.max(1, Math.min(availableParallelism(), physicalCores() ?? Infinity));
}

/** Counts the distinct pairs of socket and core in `/proc/cpuinfo`; null where there is no such file. */
export function physicalCores(cpuInfo: string | null = readCpuInfo()): number | null {
  if (cpuInfo === null) return null;
  const cores = new Set<string>();
  for (const block of cpuInfo.split('\n\n')) {
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1];
    const socket = /^physical id\s*:\s*(\d+)/m.exec(block)?.[1] ?? '0';
    if (core !== undefined) cores.add(`${socket}/${core}`);
  }
  return cores.size === 0 ? null : cores.size;
}

function readCpuInfo(): string | null {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return null;
  }
}
