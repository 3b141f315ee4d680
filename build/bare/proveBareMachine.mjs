// Checks, on a machine with only Node and a C++ compiler, that the first two commands of README work. Run it in a fresh
// clone, as root on Debian; it takes some minutes. It is plain JavaScript because it runs on Node 20, before any
// package is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

/* global fetch */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Time limit of `npm test` without the engine. Installing the packages comes before and is not counted. */
const REFUSAL_MS = 60_000;
const NPM = { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 };

let failures = 0;

/** Runs one check and prints a line; its output is shown only when it failed. */
async function prove(what, proof) {
  const began = performance.now();
  const problem = await proof();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`bare machine: ${what}: ${problem === null ? 'ok' : 'FAILED'} (${seconds} s)`);
  if (problem === null) return;
  failures += 1;
  console.log(problem);
}

/** Runs an npm script; returns its status and its output. */
function npm(args, env = {}) {
  const done = spawnSync('npm', args, { ...NPM, env: { ...process.env, CI: 'true', ...env } });
  return { status: done.status, output: `${done.stdout}${done.stderr}` };
}

const succeeds = (args, ...signs) => {
  const { status, output } = npm(args);
  const missing = signs.filter((sign) => !sign.test(output));
  if (status === 0 && missing.length === 0) return null;
  return `${args.join(' ')} ended with ${status}; not found: ${missing.join(', ') || 'nothing'}\n${output.slice(-4000)}`;
};

/**
 * Set-up without permission to install: `npm test` must end with one sentence and the command, before it has run any
 * test.
 */
function testRefuses() {
  const began = performance.now();
  const { status, output } = npm(['test'], { NORMLAB_NO_INSTALL: '1' });
  const packagesMs = 1000 * Number(/packages: installed \((\S+) s\)/.exec(output)?.[1] ?? 0);
  const tookMs = performance.now() - began - packagesMs;
  const sentence =
    /native engine is not built, because this is missing: .*oneDNN.*apt-get install libdnnl-dev/;
  if (status === 0) return `npm test succeeded without the engine\n${output}`;
  if (!sentence.test(output)) return `npm test did not name the cause and the command\n${output}`;
  if (tookMs > REFUSAL_MS) return `npm test took ${tookMs.toFixed(0)} ms to say that there is no engine`;
  return output.split('\n').length > 25 ? `npm test printed too much\n${output}` : null;
}

/** A second set-up finds everything up to date; the first printed one line per stage. */
function setupIsQuietAndIdempotent() {
  const first = npm(['run', 'setup']);
  if (first.status !== 0) return first.output;
  const stages = first.output.split('\n').filter((line) => line.startsWith('setup: '));
  const others = first.output.split('\n').filter((line) => line !== '' && !/^(setup: |> )/.test(line));
  if (others.length > 0) return `set-up printed more than its stages:\n${others.join('\n')}`;
  if (!/native engine: built/.test(first.output)) return `the engine was not built:\n${stages.join('\n')}`;
  if (statSync(`${ROOT}build/out/setup.log`).size === 0) return 'the log of set-up is empty';
  console.log(stages.join('\n'));
  const second = npm(['run', 'setup']).output;
  return /built|installed|drawn/.test(second) ? `the second set-up did work again:\n${second}` : null;
}

/** `npm start` prints the lab's address, and the page is served. */
async function startServes() {
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NORMLAB_NO_ELECTRON: '1' },
    detached: true,
  });
  let output = '';
  const url = await new Promise((resolve) => {
    const read = (chunk) => {
      output += chunk;
      const found = /http:\/\/\S+/.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('exit', () => resolve(null));
  });
  const page = url === null ? null : await fetch(url).then((answer) => answer.text());
  process.kill(-child.pid, 'SIGTERM');
  if (page === null) return `npm start gave no address\n${output}`;
  return page.includes('<div id="app"')
    ? null
    : `the lab's page is not what it should be\n${page.slice(0, 500)}`;
}

if (existsSync('/usr/include/oneapi/dnnl/dnnl.hpp'))
  console.log('bare machine: oneDNN is here already: not bare');
else await prove('npm test without the engine', testRefuses);
await prove('npm run setup', setupIsQuietAndIdempotent);
await prove('npm start', startServes);
await prove('npm run demo', () => succeeds(['run', 'demo'], /sample-shapes\.onnx/));
await prove('the native suite', () =>
  succeeds(['exec', '--', 'vitest', 'run', 'workers/native', 'build/goldens'], /Tests .*passed/),
);
process.exitCode = failures === 0 ? 0 : 1;
