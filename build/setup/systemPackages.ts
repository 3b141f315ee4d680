import { readFileSync } from 'node:fs';

/** What the system has to provide. */
export type SystemNeed = 'onednn' | 'images' | 'cmake' | 'compiler' | 'browser';

/** The package managers that set-up supports. */
export type Manager = 'apt' | 'ubuntu' | 'dnf' | 'pacman' | 'brew' | 'windows';

const NAMES: Readonly<Record<SystemNeed, string>> = {
  onednn: 'oneDNN (headers and library)',
  images: 'libjpeg-turbo and libpng (headers and libraries; without them images are read more slowly)',
  cmake: 'CMake',
  compiler: 'a C++ compiler and make',
  browser: 'a Chromium browser for the tests',
};

const DEBIAN_PACKAGES = {
  onednn: ['libdnnl-dev'],
  images: ['libjpeg-dev', 'libpng-dev'],
  cmake: ['cmake'],
  compiler: ['g++', 'make'],
  browser: ['chromium'],
};

/** Packages of the Linux systems: one command installs them all. */
const LINUX_PACKAGES: Readonly<
  Record<'apt' | 'ubuntu' | 'dnf' | 'pacman', Record<SystemNeed, readonly string[]>>
> = {
  apt: DEBIAN_PACKAGES,
  // Ubuntu's libraries have the same names as Debian's; its Chromium is a snap, for which apt has only a placeholder.
  ubuntu: { ...DEBIAN_PACKAGES, browser: [] },
  dnf: {
    onednn: ['onednn-devel'],
    images: ['libjpeg-turbo-devel', 'libpng-devel'],
    cmake: ['cmake'],
    compiler: ['gcc-c++', 'make'],
    browser: ['chromium'],
  },
  pacman: {
    onednn: ['onednn'],
    images: ['libjpeg-turbo', 'libpng'],
    cmake: ['cmake'],
    compiler: ['gcc', 'make'],
    browser: ['chromium'],
  },
};
const LINUX_INSTALL = {
  apt: 'apt-get install',
  ubuntu: 'apt-get install',
  dnf: 'dnf install',
  pacman: 'pacman -S',
} as const;

/** Needs that have a command of their own on a system. */
const COMMANDS: Readonly<Record<Manager, Partial<Record<SystemNeed, string>>>> = {
  apt: {},
  ubuntu: { browser: 'snap install chromium' },
  dnf: {},
  pacman: {},
  brew: {
    onednn: 'brew install onednn libomp',
    images: 'brew install jpeg-turbo libpng',
    cmake: 'brew install cmake',
    compiler: 'xcode-select --install',
    browser: 'brew install --cask chromium',
  },
  windows: {
    onednn: 'vcpkg install onednn',
    images: 'vcpkg install libjpeg-turbo libpng',
    cmake: 'winget install Kitware.CMake',
    compiler: 'winget install Microsoft.VisualStudio.2022.BuildTools',
    browser: 'winget install Google.Chrome',
  },
};

/** The package manager of a system by its platform and the text of /etc/os-release; null when it is not known. */
export function systemOf(platform: string, osRelease: string): Manager | null {
  if (platform === 'darwin') return 'brew';
  if (platform === 'win32') return 'windows';
  const family = [...osRelease.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].map((match) => match[1] ?? '').join(' ');
  if (/ubuntu/.test(family)) return 'ubuntu';
  if (/debian/.test(family)) return 'apt';
  if (/fedora|rhel/.test(family)) return 'dnf';
  return /\barch\b/.test(family) ? 'pacman' : null;
}

/** The package manager of this machine; null when it is not known. */
export function systemHere(): Manager | null {
  let osRelease = '';
  try {
    osRelease = readFileSync('/etc/os-release', 'utf8');
  } catch {
    // No Linux, or no /etc/os-release.
  }
  return systemOf(process.platform, osRelease);
}

/** The command that installs `needs` on this machine; null where none is known. */
export function commandHere(needs: readonly SystemNeed[]): string | null {
  return installCommand(needs, systemHere(), process.getuid?.() === 0).command;
}

/**
 * The names of what is needed, its packages (Linux), and the command that a user would type; null where none is known.
 */
export function installCommand(
  needs: readonly SystemNeed[],
  manager: Manager | null,
  isRoot: boolean,
): { names: string; packages: readonly string[]; command: string | null } {
  const names = needs.map((need) => NAMES[need]).join(', ');
  if (manager === null) return { names, packages: [], command: null };
  const own = needs.flatMap((need) => COMMANDS[manager][need] ?? []);
  if (manager === 'brew' || manager === 'windows') return { names, packages: [], command: own.join(' && ') };
  const packages = needs.flatMap((need) => LINUX_PACKAGES[manager][need]);
  const sudo = isRoot ? '' : 'sudo ';
  const together = packages.length === 0 ? [] : [`${LINUX_INSTALL[manager]} ${packages.join(' ')}`];
  return { names, packages, command: [...together, ...own].map((line) => sudo + line).join(' && ') };
}
