type System = 'linux' | 'darwin' | 'win32';

interface Known {
  readonly sign: RegExp;
  readonly missing: string;
  readonly command: { readonly [S in System]: string };
}

const NODE_PACKAGES = 'npm install';

/** Signs in CMake's output of what is missing, and the command that brings it; the first that fits is the cause. */
const KNOWN: readonly Known[] = [
  {
    sign: /NORMLAB_MISSING_CMAKE/,
    missing: 'CMake (3.20 or newer)',
    command: {
      linux: 'sudo apt-get install cmake',
      darwin: 'brew install cmake',
      win32: 'winget install Kitware.CMake',
    },
  },
  {
    sign: /NORMLAB_MISSING_HEADERS/,
    missing: 'the packages of package.json',
    command: { linux: NODE_PACKAGES, darwin: NODE_PACKAGES, win32: NODE_PACKAGES },
  },
  {
    sign: /No CMAKE_CXX_COMPILER|CMAKE_CXX_COMPILER not set|unable to find a build program|CMAKE_MAKE_PROGRAM/i,
    missing: 'a C++ compiler and make',
    command: {
      linux: 'sudo apt-get install build-essential',
      darwin: 'xcode-select --install',
      win32: 'winget install Microsoft.VisualStudio.2022.BuildTools',
    },
  },
  {
    sign: /NORMLAB_MISSING_ONEDNN|dnnl\.hpp.*No such file|cannot find -ldnnl/,
    missing: 'oneDNN (libdnnl 2.6 or newer)',
    command: {
      linux: 'sudo apt-get install libdnnl-dev',
      darwin: 'brew install onednn libomp',
      win32: 'vcpkg install onednn',
    },
  },
];

/** One message for people: what the native build lacks and the exact command, or the end of the tool's own output. */
export function explainFailure(output: string, system: string = process.platform): string {
  const known = KNOWN.find(({ sign }) => sign.test(output));
  if (known === undefined) return `The native engine does not build:\n${lastLines(output, 40)}`;
  const command = known.command[isSystem(system) ? system : 'linux'];
  return `The native engine needs ${known.missing}. Install it with: ${command}`;
}

/** A note for people where the optional direct picture decoder is not built. */
export function missingImageLibraries(system: string = process.platform): string {
  const commands = {
    linux: 'sudo apt-get install libjpeg-dev libpng-dev',
    darwin: 'brew install jpeg-turbo libpng',
    win32: 'vcpkg install libjpeg-turbo libpng',
  };
  const command = commands[isSystem(system) ? system : 'linux'];
  return `without libjpeg-turbo and libpng pictures are decoded by sharp, more slowly. Install them with: ${command}`;
}

function isSystem(name: string): name is System {
  return name === 'linux' || name === 'darwin' || name === 'win32';
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
