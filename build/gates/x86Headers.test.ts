import { describe, expect, it } from 'vitest';
import { x86HeaderBreaches } from './x86Headers.ts';

const breachesIn = (text: string): string[] => x86HeaderBreaches({ path: 'a.cc', text });

describe('headers of x86', () => {
  it('are accepted where only x86 reaches them', () => {
    expect(
      breachesIn(
        '#include <vector>\n#if NORMLAB_LEVELS\n#include <immintrin.h>\n#elif NORMLAB_ARM64\n#include <arm_neon.h>\n#endif\n' +
          '#if defined(__x86_64__) && \\\n    defined(__linux__)\n#  include <cpuid.h>\n#if A\n#include <x86intrin.h>\n#endif\n#endif\n',
      ),
    ).toEqual([]);
  });

  it.each([
    ['without a condition', '#include <immintrin.h>\n'],
    ['under a condition of another kind', '#if NORMLAB_VECTORS\n#include <immintrin.h>\n#endif\n'],
    ['after the condition', '#if NORMLAB_LEVELS\n#endif\n#include <immintrin.h>\n'],
    ['where the condition does not hold', '#if NORMLAB_LEVELS\n#else\n#include <immintrin.h>\n#endif\n'],
    ['where it is negated', '#ifndef __x86_64__\n#include <immintrin.h>\n#endif\n'],
  ])('are refused %s', (_, text) => {
    expect(breachesIn(text)).toEqual([
      'a.cc includes <immintrin.h> on every processor: put it under #if NORMLAB_LEVELS',
    ]);
  });
});
