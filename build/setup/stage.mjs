// The stages of set-up: one line each with its time; the output of the tools goes to a log file. Plain JavaScript,
// because set-up begins on Node 20, before any package is installed.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The log's path, relative to the project's root. */
export const SETUP_LOG = 'build/out/setup.log';
const LOG = join(ROOT, SETUP_LOG);

/** Starts a new log of set-up. */
export function beginLog() {
  mkdirSync(dirname(LOG), { recursive: true });
  writeFileSync(LOG, '');
}

/** Adds a text to the log. */
export function log(text) {
  mkdirSync(dirname(LOG), { recursive: true });
  appendFileSync(LOG, text.endsWith('\n') ? text : `${text}\n`);
}

/**
 * Runs `work` and prints a line with its outcome and its time. `work` returns a word ("built"), or `{ problem }` for a
 * stage that failed; then the problem and the path of the log follow. Returns true when the stage succeeded.
 */
export function stage(name, work) {
  const began = performance.now();
  if (process.stderr.isTTY) process.stderr.write(`setup: ${name} ...`);
  log(`\n== ${name}`);
  const outcome = work();
  const failed = typeof outcome !== 'string';
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stderr.write(`setup: ${name}: ${failed ? 'FAILED' : outcome} (${seconds} s)\n`);
  if (failed) process.stderr.write(`setup: ${outcome.problem}\nsetup: the full output is in ${SETUP_LOG}\n`);
  return !failed;
}

/** Runs a program with its output in the log. Returns its status (127 when it cannot be started) and its output. */
export function runLogged(program, args, options = {}) {
  log(`$ ${program} ${args.join(' ')}`);
  const from = statSync(LOG).size;
  const file = openSync(LOG, 'a');
  const done = spawnSync(program, args, { cwd: ROOT, ...options, stdio: ['ignore', file, file] });
  closeSync(file);
  return { status: done.status ?? 127, output: readFileSync(LOG).subarray(from).toString('utf8') };
}

/** The last lines of a program's output, for a problem that set-up has no message for. */
export function lastLines(output, count) {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
