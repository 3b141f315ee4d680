import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** One line to the terminal, on stderr: stdout is reserved for results. */
export function say(line: string): void {
  process.stderr.write(`setup: ${line}\n`);
}

/** Runs a program with its output on our stderr; returns its exit status (127 when it cannot be started). */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  const done = spawnSync(program, [...args], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
  return done.status ?? 127;
}

/** Runs a TypeScript file of the project under this Node. */
export function runNode(file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): number {
  return run(process.execPath, [file, ...args], env);
}

/** True when `program` can be found on the path. */
export function hasProgram(program: string): boolean {
  const probe = process.platform === 'win32' ? 'where' : 'which';
  return spawnSync(probe, [program], { stdio: 'ignore' }).status === 0;
}
