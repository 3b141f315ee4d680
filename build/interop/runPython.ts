import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What `run_checks.py` reports of one process. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  /** Number of skipped checks by their reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** The largest difference and the number of comparisons, by what was compared. */
  readonly measured: Readonly<Record<string, readonly [largest: number, count: number]>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Time of the processor. */
  readonly seconds: number;
}

/** A process of Python that runs some of the checks. */
export interface PythonRun {
  readonly name: string;
  readonly files: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs `run_checks.py` and prints what it says; throws an `Error` where it ends without a report. */
export async function runPython(
  python: string,
  { name, files, environment = {} }: PythonRun,
  shared: Readonly<Record<string, string>>,
): Promise<Report> {
  const child = spawn(python, ['-B', join(import.meta.dirname, 'run_checks.py'), ...files], {
    env: { ...process.env, ...shared, ...environment, NORMLAB_INTEROP_NODE: process.execPath },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, complained] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (complained += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const lines = said.trimEnd().split('\n');
  const last = lines.pop() ?? '';
  console.log(`interop: ${name}\n${lines.join('\n')}`);
  if (status === 0 && last.startsWith('{')) return JSON.parse(last) as Report;
  throw new Error(`${name}: the Python checks broke off: ${last}\n${complained.slice(-3000)}`);
}
