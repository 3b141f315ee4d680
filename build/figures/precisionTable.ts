import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { RunResult } from '#core/contract/runResult.ts';

/*
 * `npx node build/figures/precisionTable.ts --mnist FOLDER --cifar10 FOLDER --out RUNS`: a table of the test accuracy
 * after training in f32 and in bf16 from the same seeds. The folders contain `train` and `test`. A run that exists
 * already in RUNS is reused, so that an interrupted table can be continued.
 */
const { values } = parseArgs({
  options: {
    mnist: { type: 'string' },
    cifar10: { type: 'string' },
    out: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
  },
});
const [MNIST, CIFAR10, RUNS] = [values.mnist, values.cifar10, values.out];
if (MNIST === undefined || CIFAR10 === undefined || RUNS === undefined) {
  console.error('usage: node build/figures/precisionTable.ts --mnist FOLDER --cifar10 FOLDER --out RUNS');
  process.exit(2);
}

interface Contest {
  readonly template: string;
  readonly data: string;
  readonly folder: string;
  readonly epochs: number;
}

const CONTESTS: readonly Contest[] = [
  { template: 'mnist-cnn-bn', data: 'mnist-mini', folder: MNIST, epochs: 3 },
  { template: 'vgg-bn', data: 'cifar10-mini', folder: CIFAR10, epochs: 6 },
];

/** Test accuracy of one run, 0 to 1. */
function accuracyOf({ template, data, folder, epochs }: Contest, seed: number, precision: string): number {
  const normlab = fileURLToPath(new URL('../../cli/normlab.mjs', import.meta.url));
  const run = join(RUNS ?? '', `${data}-${precision}-${seed}`);
  const done = spawnSync(
    process.execPath,
    [
      ...[normlab, 'train', '--template', template, '--json', '--resume', '--out', run],
      ...['--data', join(folder, 'train'), '--val', join(folder, 'test'), '--epochs', String(epochs)],
      ...['--seed', String(seed), '--precision', precision, '--threads', values.threads],
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if (done.status !== 0) throw new Error(`${run} failed: ${done.stderr.trim().split('\n').at(-1) ?? ''}`);
  const result = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '') as RunResult;
  if (result.precision !== precision || result.val === null)
    throw new Error(`${run} trained in ${result.precision}, where ${precision} was asked for`);
  console.error(`${run}: ${result.val.accuracy.toFixed(4)}`);
  return result.val.accuracy;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/** Standard deviation of a sample: divided by n - 1. */
function deviation(numbers: readonly number[]): number {
  const centre = mean(numbers);
  const squares = numbers.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1));
}

const percent = (value: number): string => (100 * value).toFixed(2);
const spread = (numbers: readonly number[]): string =>
  `${percent(mean(numbers))} ± ${percent(deviation(numbers))}`;

mkdirSync(RUNS, { recursive: true });
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
const rows = CONTESTS.map((contest) => {
  const pairs = seeds.map((seed) => ({
    f32: accuracyOf(contest, seed, 'f32'),
    bf16: accuracyOf(contest, seed, 'bf16'),
  }));
  const differences = pairs.map(({ f32, bf16 }) => bf16 - f32);
  const error = deviation(differences) / Math.sqrt(seeds.length);
  const cells = [
    `${contest.template} on ${contest.data}, ${contest.epochs} epochs`,
    spread(pairs.map(({ f32 }) => f32)),
    spread(pairs.map(({ bf16 }) => bf16)),
    `${percent(mean(differences))} ± ${percent(error)}`,
  ];
  return `| ${cells.join(' | ')} |`;
});
console.log(`| | f32, % | bf16, % | bf16 − f32, points |\n|---|---|---|---|`);
console.log(rows.join('\n'));
