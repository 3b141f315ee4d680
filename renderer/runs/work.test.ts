import { describe, expect, it } from 'vitest';
import { partLeftMs, workAfter } from './work.ts';

describe('the time left', () => {
  const part = (label: string, done: number, total: number | null = 10) => ({ label, done, total });

  it('follows from the pace of the present part', () => {
    let work = workAfter(undefined, null, 0);
    expect(partLeftMs(work, 500)).toBeNull();
    work = workAfter(work, part('Scanning images', 4, null), 1000);
    expect(partLeftMs(work, 1500)).toBeNull();
    work = workAfter(work, part('Evaluating', 0), 2000);
    expect(partLeftMs(work, 2500)).toBeNull();
    work = workAfter(work, part('Evaluating', 4), 4000);
    // Four in two seconds: six more take three.
    expect(partLeftMs(work, 4000)).toBe(3000);
    work = workAfter(work, part('Measuring statistics', 1), 9000);
    expect(partLeftMs(work, 9100)).toBe(900);
  });
});
