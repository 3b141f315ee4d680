import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLabelled } from '#workers/runs/data/prepareData.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { bestOf, firstStepAt, trainCourse, type Course } from './bnExperiment.ts';
import { drawAccuracy, type AccuracyLine } from './accuracyFigure.ts';

/**
 * `npx node build/figures/runBnExperiment.ts --train DIR --test DIR --out FILE.svg [--steps N] [--rates 0.1,0.5,…]
 * [--seeds 1,2,3]`: figure 1 (a) of the BatchNorm paper on folders of digits, with and without BatchNorm at each rate.
 * The figure shows the first rate and seed. Prints as JSON, for each rate and seed, the share of the plain network's
 * steps that the BatchNorm network needed to reach the plain network's best accuracy.
 */
const string = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    train: string,
    test: string,
    out: string,
    steps: string,
    every: string,
    rates: string,
    seeds: string,
  },
});
const { train: trainFolder, test: testFolder, out } = values;
if (trainFolder === undefined || testFolder === undefined || out === undefined) {
  console.error('usage: npx node build/figures/runBnExperiment.ts --train DIR --test DIR --out FILE.svg');
  process.exit(2);
}
const numbers = (text: string | undefined, fallback: string): number[] =>
  (text ?? fallback).split(',').map(Number);
const [steps = 12_000] = numbers(values.steps, '12000');
const [every = 100] = numbers(values.every, '100');
const rates = numbers(values.rates, '0.1,1');
const seeds = numbers(values.seeds, '1,2,3');

const request = {
  target: { height: 28, width: 28, channels: 1, resize: 'stretch' },
  cacheFolder: mkdtempSync(join(tmpdir(), 'normlab-experiment-')),
  signal: new AbortController().signal,
  onProgress: () => undefined,
} as const;
const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
const train = await openLabelled(trainFolder, classes, request);
const test = await openLabelled(testFolder, classes, request);
const pixels = await train.channelStatistics();
const { backend } = chooseBackend();

/** The accuracy curves of all seeds at one rate. */
async function coursesAt(learningRate: number, withNorm: boolean): Promise<Course[]> {
  const courses: Course[] = [];
  for (const seed of seeds)
    courses.push(
      await trainCourse({ backend, train, test, pixels, withNorm, learningRate, seed, steps, every }),
    );
  console.error(`rate ${learningRate}, ${withNorm ? 'with' : 'without'} BatchNorm: done`);
  return courses;
}

/** How soon the network with BatchNorm reaches the best accuracy of the network without it. */
function compared(plain: Course, normed: Course) {
  const best = bestOf(plain);
  const reached = firstStepAt(normed, best.accuracy);
  const share = reached === null ? null : reached / best.step;
  return { rate: plain.learningRate, seed: plain.seed, plain: best, normed: bestOf(normed), reached, share };
}

const label = (name: string, course: Course): string =>
  `${name}, rate ${course.learningRate}: at best ${(100 * bestOf(course).accuracy).toFixed(2)} %`;

const found: ReturnType<typeof compared>[] = [];
const lines: AccuracyLine[] = [];
for (const [index, rate] of rates.entries()) {
  const plain = await coursesAt(rate, false);
  const normed = await coursesAt(rate, true);
  plain.forEach((course, seed) => found.push(compared(course, normed[seed] ?? course)));
  const [first, second] = [normed[0], plain[0]];
  if (index > 0 || first === undefined || second === undefined) continue;
  lines.push({ label: label('with BatchNorm', first), color: '#0b78b6', points: first.points });
  lines.push({ label: label('without', second), color: '#b3631a', points: second.points });
}
const caption = 'three hidden layers of 100 sigmoid units, batches of 60, plain SGD';
writeFileSync(out, drawAccuracy(lines, caption, 0.7));
console.log(JSON.stringify({ steps, every, found }, null, 1));
await train.close();
await test.close();
