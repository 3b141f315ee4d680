import { parseArgs } from 'node:util';
import { FUZZ_TARGETS, type FuzzTarget } from '#core/import/testing/fuzzTargets.ts';
import { mutate, outcomeOf, seededRandom } from '#core/import/testing/mutate.ts';

/*
 * Reads mutated model files: `npx node build/fuzz/fuzzModels.ts [--cases N] [--seed N] [--only FORMAT]`. Prints for
 * each format how many of N files were read, broken or not supported, the longest time and the memory. Exits with 1,
 * and with the number that makes the file again, where a reader threw anything else or took longer than a second.
 */
const LONGEST_MS = 1000;

interface Counts {
  readonly outcomes: Record<'model' | 'model-invalid' | 'model-unsupported', number>;
  readonly faults: readonly string[];
  readonly longestMs: number;
}

function fuzz(target: FuzzTarget, cases: number, seed: number): Counts {
  const outcomes = { model: 0, 'model-invalid': 0, 'model-unsupported': 0 };
  const faults: string[] = [];
  let longestMs = 0;
  for (let index = 0; index < cases; index += 1) {
    const random = seededRandom(seed + index);
    const from = target.seeds[random(target.seeds.length)];
    if (from === undefined) break;
    const file = mutate(from, random);
    const began = performance.now();
    try {
      outcomes[outcomeOf(target, file)] += 1;
    } catch (thrown) {
      faults.push(`--only '${target.name}' --cases 1 --seed ${seed + index}: ${describe(thrown)}`);
    }
    const took = performance.now() - began;
    longestMs = Math.max(longestMs, took);
    if (took > LONGEST_MS)
      faults.push(`--only '${target.name}' --cases 1 --seed ${seed + index}: ${took} ms`);
  }
  return { outcomes, faults, longestMs };
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

function report(target: FuzzTarget, cases: number, seed: number): boolean {
  const { outcomes, faults, longestMs } = fuzz(target, cases, seed);
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${target.name}: ${cases} files, ${outcomes.model} read, ${outcomes['model-invalid']} broken, ` +
      `${outcomes['model-unsupported']} not supported, ${faults.length} faults, ` +
      `longest ${longestMs.toFixed(1)} ms, ${megabytes} MB`,
  );
  for (const fault of faults.slice(0, 5)) console.error(fault);
  return faults.length === 0;
}

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const targets = FUZZ_TARGETS.filter(({ name }) => values.only === undefined || name === values.only);
const clean = targets.map((target) => report(target, Number(values.cases), Number(values.seed)));
process.exitCode = clean.length > 0 && clean.every(Boolean) ? 0 : 1;
