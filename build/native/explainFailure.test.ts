import { describe, expect, it } from 'vitest';
import { explainFailure } from './explainFailure.ts';

const installs = (needs: readonly string[]): string => `install ${needs.join(' ')}`;

describe('explainFailure', () => {
  it.each([
    ['CMake Error at CMakeLists.txt:40 (message):\n  NORMLAB_MISSING_ONEDNN', 'onednn'],
    ['src/onednn.h:3:10: fatal error: oneapi/dnnl/dnnl.hpp: No such file or directory', 'onednn'],
    ['-- No CMAKE_CXX_COMPILER could be found.', 'compiler'],
    ['NORMLAB_MISSING_CMAKE', 'cmake'],
  ])('finds what %j lacks, with the command that brings it', (output, need) => {
    expect(explainFailure(output, installs)).toEqual({
      cause: 'missing-needs',
      needs: [need],
      install: `install ${need}`,
    });
  });

  it('keeps the end of an output that it does not know', () => {
    const output = Array.from({ length: 100 }, (_, i) => `line ${String(i)}`).join('\n');
    const detail = output.split('\n').slice(60).join('\n');
    expect(explainFailure(output)).toEqual({ cause: 'build-failed', detail });
  });
});
