import { z } from 'zod';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed and what was skipped, by name: repeated at the end of a long log. */
  readonly names: readonly string[];
}
export const NO_COUNTS: Counts = { passed: 0, failed: 0, skipped: 0, names: [] };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    names: [...a.names, ...b.names],
  };
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});
const NAMED: Readonly<Record<string, string>> = { failed: 'FAILED', pending: 'skipped', skipped: 'skipped' };

/** Counts of a Vitest JSON report; a file that failed before its first test counts as a failure. */
export function vitestCounts(json: unknown): Counts {
  const report = vitestReport.parse(json);
  const failed = report.numFailedTests > 0 ? report.numFailedTests : report.numFailedTestSuites;
  const names = report.testResults.flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status in NAMED);
    if (file.status === 'failed' && !tests.some((test) => test.status === 'failed'))
      return [`FAILED ${file.name}`];
    return tests.map((test) => `${NAMED[test.status] ?? test.status} ${file.name}: ${test.fullName}`);
  });
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests, names };
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
  suites: z.array(z.unknown()),
});
const playwrightSuite = z.object({
  suites: z.array(z.unknown()).optional(),
  specs: z.array(
    z.object({ title: z.string(), file: z.string(), tests: z.array(z.object({ status: z.string() })) }),
  ),
});
const ENDS: Readonly<Record<string, string>> = {
  unexpected: 'FAILED',
  flaky: 'FAILED',
  skipped: 'skipped',
};

function suiteNames(json: unknown): string[] {
  const { suites, specs } = playwrightSuite.parse(json);
  const own = specs.flatMap(({ title, file, tests }) =>
    tests
      .filter((test) => test.status in ENDS)
      .map((test) => `${ENDS[test.status] ?? test.status} ${file}: ${title}`),
  );
  return [...own, ...(suites ?? []).flatMap(suiteNames)];
}

/**
 * Counts of a Playwright JSON report; a flaky test counts as failed, since it is a defect of the test or of the
 * product.
 */
export function playwrightCounts(json: unknown): Counts {
  const { stats, errors, suites } = playwrightReport.parse(json);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
    names: suites.flatMap(suiteNames),
  };
}
