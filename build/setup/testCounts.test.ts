import { describe, expect, it } from 'vitest';
import { addCounts, playwrightCounts, vitestCounts } from './testCounts.ts';

describe('counts of test reports', () => {
  it('reads Vitest, and counts a file that could not be loaded as a failure', () => {
    const report = { numPassedTests: 7, numFailedTests: 0, numFailedTestSuites: 2, numPendingTests: 1 };
    expect(vitestCounts(report)).toEqual({ passed: 7, failed: 2, skipped: 1 });
    expect(vitestCounts({ ...report, numFailedTests: 3 })).toEqual({ passed: 7, failed: 3, skipped: 1 });
  });

  it('reads Playwright, and counts a flaky test as failed', () => {
    const report = { stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] };
    expect(playwrightCounts(report)).toEqual({ passed: 4, failed: 3, skipped: 2 });
  });

  it('refuses a report of another form instead of counting nothing', () => {
    expect(() => vitestCounts({})).toThrow();
    expect(() => playwrightCounts({ stats: {} })).toThrow();
  });

  it('adds', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(addCounts(one, one)).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});
