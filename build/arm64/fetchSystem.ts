import {
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { FOLDER, SYSTEM } from './arm64Paths.ts';
import { runOrThrow } from './runOrThrow.ts';

/** Found by apt together with all that they depend on, the C library included. */
const PACKAGES = ['libc6-dev', 'libdnnl-dev', 'libjpeg-dev', 'libpng-dev', 'libstdc++6', 'libgomp1'];

/**
 * Puts Debian's arm64 packages into `SYSTEM`, once. apt works on state of its own below `FOLDER`: no package of this
 * machine changes, no architecture is added to it, and it works without root. Throws an `Error` with apt's output.
 */
export function fetchSystem(): void {
  if (existsSync(SYSTEM)) return;
  const state = join(FOLDER, 'apt');
  const archives = join(state, 'cache', 'archives');
  for (const folder of [join(state, 'lists', 'partial'), join(archives, 'partial')])
    mkdirSync(folder, { recursive: true });
  const status = join(state, 'status');
  writeFileSync(status, ''); // nothing is installed, so every dependency is downloaded
  const options = [
    'APT::Architecture=arm64',
    'APT::Architectures::=arm64',
    `Dir::State::lists=${join(state, 'lists')}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'APT::Sandbox::User=', // the folder may be closed to apt's own user
  ].flatMap((option) => ['-o', option]);
  runOrThrow('apt-get', ['-qq', ...options, 'update']);
  const install = ['-qq', '-y', '--no-install-recommends', '--download-only', 'install', ...PACKAGES];
  runOrThrow('apt-get', [...options, ...install]);
  unpack(archives);
  rmSync(state, { recursive: true });
}

function unpack(archives: string): void {
  const unfinished = `${SYSTEM}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb')))
    runOrThrow('dpkg-deb', ['-x', join(archives, file), unfinished]);
  for (const path of globSync('usr/lib/*/*', { cwd: unfinished })) makeRelative(unfinished, path);
  renameSync(unfinished, SYSTEM);
}

/** A link to a path from the root would lead out of the folder, to a file of this machine or to none. */
function makeRelative(root: string, path: string): void {
  const link = join(root, path);
  if (!lstatSync(link).isSymbolicLink() || !isAbsolute(readlinkSync(link))) return;
  const target = relative(dirname(link), join(root, readlinkSync(link)));
  rmSync(link);
  symlinkSync(target, link);
}
