import { describe, expect, it } from 'vitest';
import { missingTools } from './missingTools.ts';

const without =
  (...missing: readonly string[]) =>
  (program: string): boolean =>
    !missing.includes(program);

describe('missingTools', () => {
  it('says nothing where everything is there', () => {
    expect(missingTools(without(), true)).toBeNull();
  });

  it('names all that is missing and the packages, in one sentence', () => {
    expect(missingTools(without('qemu-aarch64', 'aarch64-linux-gnu-g++'), false)).toBe(
      'The check for arm64 needs aarch64-linux-gnu-g++, qemu-aarch64. ' +
        'Install what is missing with: sudo apt-get install g++-aarch64-linux-gnu qemu-user',
    );
    expect(missingTools(without('cmake'), true)).toContain(': apt-get install cmake');
  });

  it('names the system where there is no apt-get', () => {
    expect(missingTools(without('apt-get', 'cmake'), false)).toMatch(/^The check for arm64 needs Debian: /);
  });
});
