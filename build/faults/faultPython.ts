import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const WINDOWS = process.platform === 'win32';

/**
 * A Python with numpy and Pillow, which the generators in `make.py` need: the one named by `NORMLAB_FAULTS_PYTHON`,
 * else the system's if it has both, else a virtual environment in the user's cache folder, created once. Throws an
 * `Error` that says what to do.
 */
export function faultPython(): string {
  const wanted = process.env['NORMLAB_FAULTS_PYTHON'];
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'normlab', 'faults-venv');
  const own = join(folder, WINDOWS ? 'Scripts/python.exe' : 'bin/python');
  const found = (wanted === undefined ? [own, 'python3', 'python'] : [wanted]).find(hasPackages);
  if (found !== undefined) return found;
  if (wanted !== undefined) throw new Error(`${wanted} has no numpy or no Pillow; install both into it.`);
  console.log(`faults: making the Python environment ${folder} (once)`);
  mkdirSync(dirname(folder), { recursive: true });
  const requirements = join(import.meta.dirname, 'requirements.txt');
  must('python3', ['-m', 'venv', folder]);
  must(own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  return own;
}

function hasPackages(python: string): boolean {
  return spawnSync(python, ['-c', 'import numpy, PIL'], { stdio: 'ignore' }).status === 0;
}

function must(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status === 0) return;
  const last = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim().split('\n').slice(-3).join('\n');
  throw new Error(
    `${command} ${args.join(' ')} failed: ${last}\nInstall Python 3 with venv, or set NORMLAB_FAULTS_PYTHON to one that has numpy and Pillow.`,
  );
}
