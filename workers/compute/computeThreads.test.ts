import { describe, expect, it } from 'vitest';
import { physicalCores, resolveThreads } from './computeThreads.ts';

describe('threads', () => {
  it('counts physical cores once, whatever their hyper-threads', () => {
    const block = (core: number, socket: number) =>
      `processor : 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n`;
    const info = [block(0, 0), block(0, 0), block(1, 0), block(0, 1)].join('\n');
    expect(physicalCores(info)).toBe(3);
    expect(physicalCores('processor : 0\n')).toBeNull();
    expect(physicalCores(null)).toBeNull();
  });

  it('takes the wish, or at least one', () => {
    expect(resolveThreads(7)).toBe(7);
    expect(resolveThreads(0)).toBeGreaterThanOrEqual(1);
  });
});
