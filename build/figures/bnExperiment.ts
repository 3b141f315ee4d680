import type { Backend } from '#core/backend/backend.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { stripBatchNorm } from '#core/rewrites/rewrites.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import { evaluateSource } from '#core/training/evaluate.ts';
import { initializeState } from '#core/training/initialize.ts';
import { meansOf } from '#core/training/metrics.ts';
import { openStream, stepKey } from '#core/training/random.ts';
import { networkOf, programOf } from '#workers/compute/network.ts';

/** Test accuracy of one network after a number of training steps. */
export interface Measured {
  readonly step: number;
  readonly accuracy: number;
}

/** The accuracy curve of one training. */
export interface Course {
  readonly withNorm: boolean;
  readonly learningRate: number;
  readonly seed: number;
  readonly points: readonly Measured[];
}

export interface CourseOptions {
  readonly backend: Backend;
  readonly train: BatchSource;
  readonly test: BatchSource;
  readonly pixels: { readonly mean: number[]; readonly deviation: number[] };
  readonly withNorm: boolean;
  readonly learningRate: number;
  readonly seed: number;
  readonly steps: number;
  /** Number of steps between two measurements on the test images. */
  readonly every: number;
}

/**
 * The experiment of Ioffe and Szegedy 2015, section 4.1: the network of template bn-mlp (three hidden layers of 100
 * sigmoid units), batches of 60, plain stochastic gradient descent at a constant rate, test accuracy by step. It is
 * trained with and without its BatchNorm blocks, everything else being equal.
 */
export async function trainCourse(options: CourseOptions): Promise<Course> {
  const { withNorm, learningRate, seed, steps, every, train } = options;
  const document = paperDocument(withNorm, learningRate, seed);
  const graph = networkOf(document);
  const program = programOf(graph, document.training, options.pixels, 'train');
  const session = options.backend.open(program.state, { threads: 1, precision: 'f32' });
  try {
    initializeState(program.state, seed, session.state);
    const step = session.prepare(program, document.training.batchSize);
    const evaluation = programOf(graph, document.training, options.pixels, 'evaluate');
    const check = session.prepare(evaluation, Math.min(500, options.test.size));
    const order = openStream(seed, 'order of the experiment');
    const points: Measured[] = [];
    for (let done = 1; done <= steps; done += 1) {
      const picked = Uint32Array.from({ length: step.batch }, () => order.below(train.size));
      const { images, labels } = await train.read(picked);
      step.run({ images, labels }, { learningRate, step: done, randomKey: stepKey(seed, done) });
      if (done % every === 0 || done === 1)
        points.push({ step: done, accuracy: await accuracyOn(check, options.test) });
    }
    return { withNorm, learningRate, seed, points };
  } finally {
    session.close();
  }
}

function paperDocument(withNorm: boolean, learningRate: number, seed: number): GraphDocument {
  const document = instantiateTemplate('bn-mlp');
  const training: TrainingSettings = {
    ...document.training,
    batchSize: 60,
    learningRate,
    seed,
    l2: 0,
    optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
  };
  return { ...document, training, graph: withNorm ? document.graph : stripBatchNorm(document.graph) };
}

async function accuracyOn(
  prepared: Parameters<typeof evaluateSource>[0]['prepared'],
  source: BatchSource,
): Promise<number> {
  const totals = await evaluateSource({ prepared, source, between: () => Promise.resolve(false) });
  return totals === null ? NaN : meansOf(totals).accuracy;
}

/** The first measured step at which a curve reaches an accuracy; null when it never does. */
export function firstStepAt(course: Course, accuracy: number): number | null {
  return course.points.find((point) => point.accuracy >= accuracy)?.step ?? null;
}

/** The best accuracy of a curve, and the first step at which it was reached. */
export function bestOf(course: Course): Measured {
  return course.points.reduce((best, point) => (point.accuracy > best.accuracy ? point : best), {
    step: 0,
    accuracy: 0,
  });
}
