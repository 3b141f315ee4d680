import { spawnSync } from 'node:child_process';

export interface ToolResult {
  readonly status: number;
  /** Standard output and error together. */
  readonly output: string;
}

/** Runs a program to its end; null when there is no such program. */
export function runTool(command: string, args: readonly string[]): ToolResult | null {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.error !== undefined && 'code' in result.error && result.error.code === 'ENOENT') return null;
  return { status: result.status ?? 1, output: result.stdout + result.stderr };
}
