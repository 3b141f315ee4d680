import { existsSync, readFileSync } from 'node:fs';
import { hasProgram, run, say } from './shell.ts';

/** A thing that the system has to bring: how to see that it is there, and its package per package manager. */
interface SystemNeed {
  readonly what: string;
  readonly isThere: () => boolean;
  readonly apt: readonly string[];
  readonly brew: readonly string[];
  readonly vcpkg: readonly string[];
}

const HEADER_PLACES = ['/usr/include', '/usr/local/include', '/opt/homebrew/include'];

const ONEDNN: SystemNeed = {
  what: 'oneDNN (headers and library)',
  isThere: () =>
    HEADER_PLACES.some(
      (place) => existsSync(`${place}/oneapi/dnnl/dnnl.hpp`) || existsSync(`${place}/dnnl.hpp`),
    ),
  apt: ['libdnnl-dev'],
  brew: ['onednn'],
  vcpkg: ['onednn'],
};
const CMAKE: SystemNeed = {
  what: 'CMake',
  isThere: () => hasProgram('cmake'),
  apt: ['cmake'],
  brew: ['cmake'],
  vcpkg: [],
};
const COMPILER: SystemNeed = {
  what: 'a C++ compiler and make',
  isThere: () =>
    process.platform === 'win32' ||
    ((hasProgram('c++') || hasProgram('g++') || hasProgram('clang++')) &&
      (hasProgram('make') || hasProgram('ninja'))),
  apt: ['g++', 'make'],
  brew: [],
  vcpkg: [],
};
const BROWSER: SystemNeed = {
  what: 'a Chromium browser for the tests',
  isThere: () => findBrowser() !== null,
  apt: ['chromium'],
  brew: ['--cask', 'chromium'],
  vcpkg: [],
};

/** Chrome, Chromium or Edge, by the names and places under which systems keep them. */
export function findBrowser(): string | null {
  const named = process.env.NORMLAB_BROWSER;
  if (named !== undefined && existsSync(named)) return named;
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/microsoft-edge',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ];
  return places.find((place) => existsSync(place)) ?? null;
}

/**
 * Sees to the system's libraries: installs them by apt as root on Debian and Ubuntu, elsewhere prints the exact command.
 * Gives the names of what is still missing.
 */
export function ensureSystemLibraries(options: { browser: boolean }): string[] {
  const needs = [ONEDNN, CMAKE, COMPILER, ...(options.browser ? [BROWSER] : [])];
  const missing = needs.filter((need) => !need.isThere());
  if (missing.length === 0) return [];
  const isRoot = process.getuid?.() === 0;
  if (isDebianLike() && isRoot) installByApt(missing);
  else
    say(`missing: ${missing.map((need) => need.what).join(', ')}. Install with:  ${installCommand(missing)}`);
  return missing.filter((need) => !need.isThere()).map((need) => need.what);
}

function installByApt(needs: readonly SystemNeed[]): void {
  const packages = needs.flatMap((need) => need.apt);
  say(`installing system packages: ${packages.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], env);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env);
}

/** The command a user would type on this system. */
export function installCommand(needs: readonly SystemNeed[]): string {
  if (isDebianLike()) return `sudo apt-get install ${needs.flatMap((need) => need.apt).join(' ')}`;
  if (process.platform === 'darwin') return `brew install ${needs.flatMap((need) => need.brew).join(' ')}`;
  if (process.platform === 'win32') return `vcpkg install ${needs.flatMap((need) => need.vcpkg).join(' ')}`;
  return `your package manager's packages for: ${needs.map((need) => need.what).join(', ')}`;
}

function isDebianLike(): boolean {
  try {
    return /(^|\n)ID(_LIKE)?=.*(debian|ubuntu)/.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
