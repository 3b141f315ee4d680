import { describe, expect, it } from 'vitest';
import { explainFailure, missingImageLibraries } from './explainFailure.ts';

describe('explainFailure', () => {
  it.each([
    [
      'CMake Error at CMakeLists.txt:40 (message):\n  NORMLAB_MISSING_ONEDNN',
      'sudo apt-get install libdnnl-dev',
    ],
    ['-- No CMAKE_CXX_COMPILER could be found.', 'sudo apt-get install build-essential'],
    ['NORMLAB_MISSING_CMAKE', 'sudo apt-get install cmake'],
    ['NORMLAB_MISSING_HEADERS: /x/node_modules/node-addon-api/napi.h', 'npm install'],
  ])('names the command that solves %j', (output, command) => {
    expect(explainFailure(output, 'linux')).toContain(`Install it with: ${command}`);
  });

  it('names the packages that pictures are read faster with', () => {
    expect(missingImageLibraries('linux')).toMatch(
      /more slowly\. Install them with: sudo apt-get install libjpeg-dev libpng-dev$/,
    );
    expect(missingImageLibraries('darwin')).toContain('brew install jpeg-turbo libpng');
  });

  it('names the package of the system it runs on', () => {
    expect(explainFailure('NORMLAB_MISSING_ONEDNN', 'darwin')).toContain('brew install onednn');
  });

  it('shows the end of an output that it does not know', () => {
    const output = Array.from({ length: 100 }, (_, i) => `line ${String(i)}`).join('\n');
    const message = explainFailure(output, 'linux');
    expect(message).toContain('line 99');
    expect(message).not.toContain('line 10\n');
  });
});
