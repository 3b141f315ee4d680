import { describe, expect, it } from 'vitest';
import { addCounts, playwrightCounts, vitestCounts } from './testCounts.ts';

describe('counts of test reports', () => {
  it('reads Vitest, and counts a file that could not be loaded as a failure', () => {
    const testResults = [
      { name: 'a.test.ts', status: 'failed', assertionResults: [] },
      {
        name: 'b.test.ts',
        status: 'failed',
        assertionResults: [
          { fullName: 'b adds', status: 'passed' },
          { fullName: 'b divides', status: 'failed' },
          { fullName: 'b mounts', status: 'pending' },
        ],
      },
    ];
    const names = ['FAILED a.test.ts', 'FAILED b.test.ts: b divides', 'skipped b.test.ts: b mounts'];
    const counts = { numPassedTests: 7, numFailedTests: 0, numFailedTestSuites: 2, numPendingTests: 1 };
    const report = { ...counts, testResults };
    expect(vitestCounts(report)).toEqual({ passed: 7, failed: 2, skipped: 1, names });
    expect(vitestCounts({ ...report, numFailedTests: 3 })).toEqual({
      passed: 7,
      failed: 3,
      skipped: 1,
      names,
    });
  });

  it('reads Playwright, and counts a flaky test as failed', () => {
    const spec = (title: string, status: string) => ({ title, file: 'a.spec.ts', tests: [{ status }] });
    const inner = { specs: [spec('draws', 'expected'), spec('drags', 'flaky')] };
    const suites = [{ specs: [spec('opens', 'unexpected'), spec('mounts', 'skipped')], suites: [inner] }];
    const report = { stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}], suites };
    const names = ['FAILED a.spec.ts: opens', 'skipped a.spec.ts: mounts', 'FAILED a.spec.ts: drags'];
    expect(playwrightCounts(report)).toEqual({ passed: 4, failed: 3, skipped: 2, names });
  });

  it('refuses a report of another form instead of counting nothing', () => {
    expect(() => vitestCounts({})).toThrow();
    expect(() => playwrightCounts({ stats: {} })).toThrow();
  });

  it('adds', () => {
    const one = { passed: 1, failed: 2, skipped: 3, names: ['FAILED a'] };
    expect(addCounts(one, one)).toEqual({
      passed: 2,
      failed: 4,
      skipped: 6,
      names: ['FAILED a', 'FAILED a'],
    });
  });
});
