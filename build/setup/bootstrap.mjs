// Runs on any Node from 20 on, before any package is installed: installs the packages, then continues under Node 24.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { beginLog, lastLines, runLogged, stage } from './stage.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.normlab-packages');

/** Installs the packages of package-lock.json, unless that was done already; starts the log of set-up. */
export function installPackages() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    fail(
      `NormLab needs Node 20 or newer; this is ${process.versions.node}. Install a newer Node and run the command again.`,
    );
  beginLog();
  if (!stage('packages', installWhenStale)) process.exit(1);
}

function installWhenStale() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return 'up to date';
  // Node 24 is one of the packages, so the version of the running Node is no reason to stop.
  const { status, output } = runLogged('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    return {
      problem: `npm ci failed. With a network and a package registry, run the command again.\n${lastLines(output, 15)}`,
    };
  mkdirSync(join(ROOT, 'node_modules'), { recursive: true });
  linkCommand();
  writeFileSync(STAMP, wanted);
  return 'installed';
}

/** Puts our own command beside those of the packages, so that `npx normlab` finds it without a prompt. */
function linkCommand() {
  const link = join(ROOT, 'node_modules', '.bin', 'normlab');
  if (process.platform === 'win32' || existsSync(link)) return; // on Windows npx makes its own shim
  symlinkSync('../../cli/normlab.mjs', link);
}

/** The Node 24 from node_modules; the running one where it is new enough to run TypeScript. */
export function projectNode() {
  const local = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(local)) return local;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    'The package `node` brought no program for this platform: install Node 24 or newer and run the command again.',
  );
}

/** Runs a TypeScript file of the project under Node 24; this process exits with its status, and never before it. */
export function handOver(file, args = []) {
  const path = [join(ROOT, 'node_modules', '.bin'), process.env.PATH ?? ''].join(
    process.platform === 'win32' ? ';' : ':',
  );
  const child = spawn(projectNode(), [join(ROOT, file), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  passOnSignals(child);
  child.on('error', (error) => fail(`Node could not be started: ${error.message}`));
  child.on('exit', (code, signal) =>
    process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)),
  );
}

/** Ctrl+C in a terminal reaches the child directly; a signal to this process alone is forwarded, once. */
function passOnSignals(child) {
  process.once('SIGTERM', () => child.kill('SIGTERM'));
  process.once('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  // npm stops its shell but not the shell's child: becoming an orphan is treated as SIGTERM.
  const parent = process.ppid;
  const watch = setInterval(
    () => process.ppid === parent || (clearInterval(watch), child.kill('SIGTERM')),
    1000,
  );
  watch.unref();
  // Without a listener a second signal would end this process before the child has saved its work.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
}

function fail(sentence) {
  console.error(`setup: ${sentence}`);
  process.exit(1);
}
