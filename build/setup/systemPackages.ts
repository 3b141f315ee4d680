/** What the system has to bring. */
export type SystemNeed = 'onednn' | 'images' | 'cmake' | 'compiler' | 'browser';

/** The package managers whose commands set-up knows. */
export type Manager = 'apt' | 'dnf' | 'pacman' | 'brew' | 'windows';

const NAMES: Readonly<Record<SystemNeed, string>> = {
  onednn: 'oneDNN (headers and library)',
  images: 'libjpeg-turbo and libpng (headers and libraries; without them pictures are read more slowly)',
  cmake: 'CMake',
  compiler: 'a C++ compiler and make',
  browser: 'a Chromium browser for the tests',
};

/** Packages of the Linux systems: one command installs them all. */
const LINUX_PACKAGES: Readonly<Record<'apt' | 'dnf' | 'pacman', Record<SystemNeed, readonly string[]>>> = {
  apt: {
    onednn: ['libdnnl-dev'],
    images: ['libjpeg-dev', 'libpng-dev'],
    cmake: ['cmake'],
    compiler: ['g++', 'make'],
    browser: ['chromium'],
  },
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
const LINUX_INSTALL = { apt: 'apt-get install', dnf: 'dnf install', pacman: 'pacman -S' } as const;

/** Elsewhere each need has a command of its own. */
const COMMANDS: Readonly<Record<'brew' | 'windows', Record<SystemNeed, string>>> = {
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
  if (/debian|ubuntu/.test(family)) return 'apt';
  if (/fedora|rhel/.test(family)) return 'dnf';
  return /\barch\b/.test(family) ? 'pacman' : null;
}

/** The names of what is needed, its packages (Linux), and the command a user would type; null where none is known. */
export function installCommand(
  needs: readonly SystemNeed[],
  manager: Manager | null,
  isRoot: boolean,
): { names: string; packages: readonly string[]; command: string | null } {
  const names = needs.map((need) => NAMES[need]).join(', ');
  if (manager === null) return { names, packages: [], command: null };
  if (manager === 'brew' || manager === 'windows')
    return { names, packages: [], command: needs.map((need) => COMMANDS[manager][need]).join(' && ') };
  const packages = needs.flatMap((need) => LINUX_PACKAGES[manager][need]);
  return {
    names,
    packages,
    command: `${isRoot ? '' : 'sudo '}${LINUX_INSTALL[manager]} ${packages.join(' ')}`,
  };
}
