import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLabelled } from '#workers/trainer/prepareData.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { bestOf, firstStepAt, trainCourse, type Course } from './bnExperiment.ts';
import { drawAccuracy } from './accuracyPicture.ts';

/**
 * `npx node build/figures/runBnExperiment.ts --train DIR --test DIR --out FILE.svg [--steps N] [--rates 0.1,0.5,…] [--seeds 1,2,3]`: the
 * BatchNorm paper's figure 1 (a) on folders of digits. Each network gets the learning rate at which it is best; its curve is
 * the one of the middle seed. Prints what it found as JSON.
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
const [steps = 20_000] = numbers(values.steps, '20000');
const [every = 100] = numbers(values.every, '100');
const rates = numbers(values.rates, '0.1,0.3,1');
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

/** The courses of all seeds at the rate whose mean best accuracy is highest. */
async function bestRate(withNorm: boolean): Promise<Course[]> {
  let best: Course[] = [];
  for (const learningRate of rates) {
    const courses: Course[] = [];
    for (const seed of seeds)
      courses.push(
        await trainCourse({ backend, train, test, pixels, withNorm, learningRate, seed, steps, every }),
      );
    const score = meanBest(courses);
    console.error(
      `${withNorm ? 'with' : 'without'} BatchNorm, rate ${learningRate}: best accuracy ${score.toFixed(4)}`,
    );
    if (best.length === 0 || score > meanBest(best)) best = courses;
  }
  return best;
}

function meanBest(courses: readonly Course[]): number {
  return courses.reduce((sum, course) => sum + bestOf(course).accuracy, 0) / courses.length;
}

function middle(courses: readonly Course[]): Course {
  const sorted = [...courses].sort((a, b) => bestOf(a).accuracy - bestOf(b).accuracy);
  const course = sorted[Math.floor(sorted.length / 2)];
  if (course === undefined) throw new Error('internal: no course');
  return course;
}

const plain = await bestRate(false);
const normed = await bestRate(true);
const pairs = plain.map((course, index) => {
  const other = normed[index] ?? course;
  const best = bestOf(course);
  const reached = firstStepAt(other, best.accuracy);
  return {
    seed: course.seed,
    plain: best,
    normed: bestOf(other),
    reached,
    share: reached === null ? null : reached / best.step,
  };
});
const [shownPlain, shownNormed] = [middle(plain), middle(normed)];
const label = (name: string, course: Course): string =>
  `${name} (rate ${course.learningRate}, best ${(100 * bestOf(course).accuracy).toFixed(2)} %)`;
writeFileSync(
  out,
  drawAccuracy(
    [
      { label: label('with BatchNorm', shownNormed), color: '#0b78b6', points: shownNormed.points },
      { label: label('without', shownPlain), color: '#b3631a', points: shownPlain.points },
    ],
    'three hidden layers of 100 sigmoid units, batches of 60, plain SGD',
    0.8,
  ),
);
console.log(
  JSON.stringify(
    { steps, every, plainRate: shownPlain.learningRate, normedRate: shownNormed.learningRate, pairs },
    null,
    1,
  ),
);
await train.close();
await test.close();
