import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGates } from '../gates/gates.ts';
import { ROOT, runNode, say } from './shell.ts';
import { setUp } from './setup.ts';
import { addCounts, NO_COUNTS, playwrightCounts, vitestCounts, type Counts } from './testCounts.ts';

const OUT = join(ROOT, 'build/out');
const UNIT_REPORT = join(OUT, 'unit.json');
const E2E_REPORT = join(OUT, 'e2e.json');

/**
 * Runs a test runner that writes a JSON report, and reads its counts; a runner that crashes before its report counts as
 * one failure.
 */
function counted(
  file: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  report: string,
  read: (json: unknown) => Counts,
): Counts {
  rmSync(report, { force: true });
  const status = runNode(file, args, env);
  try {
    const counts = read(JSON.parse(readFileSync(report, 'utf8')));
    if (status === 0 || counts.failed > 0) return counts;
    // Errors outside every test, such as an unhandled rejection: the log above has them.
    return { ...counts, failed: 1, names: [...counts.names, `FAILED ${file}: exit status ${status}`] };
  } catch {
    return { ...NO_COUNTS, failed: 1, names: [`FAILED ${file}: no report`] };
  }
}

function unitTests(): Counts {
  say('unit tests');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`];
  return counted('node_modules/vitest/vitest.mjs', args, {}, UNIT_REPORT, vitestCounts);
}

function endToEndTests(): Counts {
  say('end-to-end tests');
  const args = ['test', '--config', 'e2e/playwright.config.ts'];
  return counted(
    'node_modules/@playwright/test/cli.js',
    args,
    { PLAYWRIGHT_JSON_OUTPUT_FILE: E2E_REPORT },
    E2E_REPORT,
    playwrightCounts,
  );
}

/** Runs a stage and prints its duration. */
function timed(name: string, stage: () => Counts): Counts {
  const began = performance.now();
  const counts = stage();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  times.push(`${name} ${seconds} s`);
  return counts;
}

/** Exits here without the engine: set-up has printed the reason and the remedy. */
function setUpAll(): Counts {
  const { isReady, hasEngine } = setUp({ browser: true, screen: true, needsEngine: true });
  if (!hasEngine) {
    say('no test was run: the tests need the native engine');
    process.exit(1);
  }
  return isReady ? NO_COUNTS : { ...NO_COUNTS, failed: 1, names: ['FAILED set-up'] };
}

mkdirSync(OUT, { recursive: true });
const times: string[] = [];
const total = [
  timed('set-up', setUpAll),
  timed('gates', () => ({ ...NO_COUNTS, ...runGates() })),
  timed('unit tests', unitTests),
  timed('end-to-end tests', endToEndTests),
].reduce(addCounts);
say(times.join(', '));
for (const name of total.names) process.stdout.write(`${name}\n`);
writeFileSync(join(OUT, 'test-counts.json'), JSON.stringify(total));
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
