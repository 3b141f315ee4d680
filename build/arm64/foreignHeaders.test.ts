import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foreignHeaders } from './foreignHeaders.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'normlab-headers-'));
  mkdirSync(join(folder, 'a.dir'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const reach = (name: string, ...headers: readonly string[]): void => {
  writeFileSync(join(folder, 'a.dir', `${name}.cc.o.d`), `a.dir/x86.cc.o: \\\n ${headers.join(' \\\n ')}\n`);
};

describe('foreignHeaders', () => {
  it('names the headers of x86 once each', () => {
    const intrinsics = '/usr/lib/gcc/12/include/immintrin.h';
    reach('one', 'one.cc', '/usr/include/stdio.h', intrinsics, '/usr/lib/gcc/12/include/avx512fintrin.h');
    reach('two', intrinsics, '/usr/include/x86_64-linux-gnu/bits/types.h', '/usr/lib/gcc/12/include/cpuid.h');
    expect(foreignHeaders(folder)).toEqual([
      '/usr/include/x86_64-linux-gnu/bits/types.h',
      '/usr/lib/gcc/12/include/avx512fintrin.h',
      '/usr/lib/gcc/12/include/cpuid.h',
      intrinsics,
    ]);
  });

  it('accepts those of arm64 and ours', () => {
    reach('one', 'kernels/amx/amx_level.h', 'base/cpu_cap.h', '/usr/lib/gcc/12/include/arm_neon.h');
    expect(foreignHeaders(folder)).toEqual([]);
  });

  it('refuses to judge a build that left no dependency files', () => {
    expect(() => foreignHeaders(folder)).toThrow('no dependency files');
  });
});
