import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hasProgram } from './shell.ts';
import { log, runLogged } from './stage.mjs';
import { installCommand, systemHere, type Manager, type SystemNeed } from './systemPackages.ts';

const HEADER_PLACES = ['/usr/include', '/usr/local/include', '/opt/homebrew/include'];

const IS_THERE: Readonly<Record<SystemNeed, () => boolean>> = {
  onednn: () =>
    process.env.NORMLAB_DNNL_ROOT !== undefined ||
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

/** Chrome, Chromium or Edge, by the usual names and install paths. */
export function findBrowser(): string | null {
  const named = process.env.NORMLAB_BROWSER;
  if (named !== undefined && existsSync(named)) return named;
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
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

/** The result of an installation: the installed packages, and what is still missing. */
export interface SystemReport {
  readonly installed: readonly string[];
  readonly missing: readonly SystemNeed[];
}

/**
 * Installs the system libraries: by apt as root on Debian and Ubuntu, unless NORMLAB_NO_INSTALL is set; elsewhere
 * `missingLine` returns the command.
 */
export function ensureSystemLibraries(needs: readonly SystemNeed[]): SystemReport {
  const stillMissing = (): SystemNeed[] => needs.filter((need) => !IS_THERE[need]());
  const missing = stillMissing();
  const system = systemHere();
  const usesApt = system === 'apt' || system === 'ubuntu';
  if (missing.length === 0 || !usesApt || process.getuid?.() !== 0 || process.env.NORMLAB_NO_INSTALL)
    return { installed: [], missing };
  const installed = installByApt(installCommand(missing, system, true).packages);
  return { installed, missing: stillMissing() };
}

/** What is missing and the command that installs it, in one line. */
export function missingLine(missing: readonly SystemNeed[], system: Manager | null, isRoot: boolean): string {
  const { names, command } = installCommand(missing, system, isRoot);
  const [is, it] = missing.length === 1 ? ['is', 'it'] : ['are', 'them'];
  if (command === null)
    return `${names} ${is} missing. Install ${it} with this system's own package manager.`;
  return `${names} ${is} missing. Install ${it} with: ${command}`;
}

/**
 * Installs those of the packages that apt knows and returns their names; a package that apt does not know would prevent
 * it from installing the others.
 */
function installByApt(packages: readonly string[]): readonly string[] {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  runLogged('apt-get', ['update', '-qq'], { env });
  const known = packages.filter(aptKnows);
  log(`packages that apt knows: ${known.join(' ')}`);
  if (known.length === 0) return [];
  const { status } = runLogged('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...known], {
    env,
  });
  return status === 0 ? known : [];
}

function aptKnows(name: string): boolean {
  const { stdout } = spawnSync('apt-cache', ['policy', name], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return /Candidate: (?!\(none\))\S/.test(stdout ?? '');
}
