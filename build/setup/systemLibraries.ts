import { existsSync, readFileSync } from 'node:fs';
import { installCommand, systemOf, type Manager, type SystemNeed } from './systemPackages.ts';
import { hasProgram, run, say } from './shell.ts';

const HEADER_PLACES = ['/usr/include', '/usr/local/include', '/opt/homebrew/include'];

const IS_THERE: Readonly<Record<SystemNeed, () => boolean>> = {
  onednn: () =>
    HEADER_PLACES.some(
      (place) => existsSync(`${place}/oneapi/dnnl/dnnl.hpp`) || existsSync(`${place}/dnnl.hpp`),
    ),
  images: () =>
    [...HEADER_PLACES, '/opt/homebrew/opt/jpeg-turbo/include'].some((place) =>
      existsSync(`${place}/jpeglib.h`),
    ) && HEADER_PLACES.some((place) => existsSync(`${place}/png.h`)),
  cmake: () => hasProgram('cmake'),
  compiler: () =>
    process.platform === 'win32' ||
    (['c++', 'g++', 'clang++'].some(hasProgram) && ['make', 'ninja'].some(hasProgram)),
  browser: () => findBrowser() !== null,
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
 * Sees to what the system has to bring: installs it by apt as root on Debian and Ubuntu, elsewhere prints the exact command.
 * Gives what is still missing.
 */
export function ensureSystemLibraries(needs: readonly SystemNeed[]): SystemNeed[] {
  const stillMissing = (): SystemNeed[] => needs.filter((need) => !IS_THERE[need]());
  const missing = stillMissing();
  if (missing.length === 0) return [];
  const isRoot = process.getuid?.() === 0;
  const system = systemOf(process.platform, osRelease());
  if (system === 'apt' && isRoot) installByApt(missing);
  const left = stillMissing();
  if (left.length > 0) say(missingLine(left, system, isRoot));
  return left;
}

/** What is missing and the command that brings it, in a line. */
export function missingLine(missing: readonly SystemNeed[], system: Manager | null, isRoot: boolean): string {
  const { names, command } = installCommand(missing, system, isRoot);
  if (command === null) return `missing: ${names}. Install them with this system's own package manager.`;
  return `missing: ${names}. Install with:  ${command}`;
}

function installByApt(needs: readonly SystemNeed[]): void {
  const { packages } = installCommand(needs, 'apt', true);
  say(`installing system packages: ${packages.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], env);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env);
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
