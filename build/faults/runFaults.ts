import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openTerminal, type Terminal } from '../../cli/testing/runNormlab.ts';
import type { FaultCase } from './faultCase.ts';
import { faultPython } from './faultPython.ts';
import { FOLDER_CASES } from './folderCases.ts';
import { IMAGE_CASES } from './imageCases.ts';
import { RUN_CASES } from './runCases.ts';

/*
 * `npm run faults -- FOLDER [NAME…]`: generates the inputs that failed once (FOLDER/NAME/make.py, Python 3 with numpy
 * and Pillow) and compares NormLab's results with the correct values in their READMEs. Prints one line per case; the
 * last one is `faults: N right, N wrong`; the exit status is 0 when none is wrong.
 */
const CASES: readonly FaultCase[] = [...FOLDER_CASES, ...IMAGE_CASES, ...RUN_CASES];

interface Counts {
  right: number;
  wrong: number;
}

async function runFaults(folder: string, wanted: readonly string[]): Promise<Counts> {
  const python = faultPython();
  const counts = { right: 0, wrong: 0 };
  const terminal = await openTerminal();
  try {
    for (const fault of faultsIn(folder, wanted))
      await runFault(join(folder, fault), fault, python, terminal, counts);
  } finally {
    await terminal.remove();
  }
  return counts;
}

/** Names of the folders with a generator; only the requested ones if there are any. */
function faultsIn(folder: string, wanted: readonly string[]): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'make.py')))
    .filter((name) => wanted.length === 0 || wanted.includes(name))
    .sort();
}

async function runFault(
  source: string,
  fault: string,
  python: string,
  terminal: Terminal,
  counts: Counts,
): Promise<void> {
  const tell = (name: string, problem: string | null): void => {
    counts[problem === null ? 'right' : 'wrong'] += 1;
    console.log(problem === null ? `right  ${fault}: ${name}` : `WRONG  ${fault}: ${name}: ${problem}`);
  };
  const input = terminal.at('inputs', fault);
  const made = spawnSync(python, ['-B', join(source, 'make.py'), input], { encoding: 'utf8' });
  if (made.status !== 0) return tell('make.py', (made.stderr ?? '').trim().split('\n').at(-1) ?? 'failed');
  const cases = CASES.filter((entry) => entry.fault === fault);
  if (cases.length === 0) return tell('README', 'no case in build/faults knows its right value');
  let runs = 0;
  const fresh = (): string => terminal.at('runs', fault, `${++runs}`);
  for (const { name, check } of cases) {
    const problem = await check({ input, terminal, fresh }).catch((error: unknown) => String(error));
    tell(name, problem);
  }
}

const [given, ...wanted] = process.argv.slice(2);
const folder = given === undefined ? null : resolve(given);
if (folder === null || !existsSync(folder)) {
  console.error(
    folder === null
      ? 'faults: name the folder of the inputs: npm run faults -- ../shared/faults'
      : `faults: there is no folder ${folder} on this machine, so nothing was checked.`,
  );
  process.exitCode = 2;
} else {
  const { right, wrong } = await runFaults(folder, wanted).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return { right: 0, wrong: 1 };
  });
  console.log(`faults: ${right} right, ${wrong} wrong`);
  process.exitCode = wrong === 0 && right > 0 ? 0 : 1;
}
