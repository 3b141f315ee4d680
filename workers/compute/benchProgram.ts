import type { Backend } from '#core/backend/backend.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { initializeState } from '#core/training/initialize.ts';
import { programCost } from '#core/training/programCost.ts';
import { openStream, stepKey } from '#core/training/random.ts';
import { learningRateAt } from '#core/training/schedule.ts';
import { measureCeilings } from './ceilings.ts';
import { chooseCompute, type Compute } from './compute.ts';
import { networkOf, imageSize, programOf } from './network.ts';

interface BenchOptions {
  /** Batch size, precision, threads and optimizer are taken from its training settings. */
  readonly document: GraphDocument;
  /** Number of measured training steps, after three warm-up steps; 30 by default. */
  readonly steps?: number;
  /** True: the forward pass with frozen statistics instead of a training step. */
  readonly isInference?: boolean;
  readonly backend?: Backend;
}

export interface BenchResult {
  /** Median over the measured steps. */
  readonly msPerStep: number;
  /** Processor time of all threads, mean over the measured steps. */
  readonly cpuMsPerStep: number;
  readonly imagesPerSecond: number;
  /** Peak memory of the whole process, up to the end of the steps. */
  readonly peakRssMb: number;
  /** Work of convolutions and dense layers, forward and, in training, backward. */
  readonly gflopPerStep: number;
  /**
   * Roofline time (from the ceilings below) divided by the measured time; see `core/training/programCost.ts` and
   * `ceilings.ts`.
   */
  readonly efficiency: number;
  readonly ceilings: { readonly gflopPerSecond: number; readonly gbPerSecond: number };
  readonly batch: number;
  readonly steps: number;
  readonly precision: string;
  readonly threads: number;
  readonly backend: string;
}

const WARM_UP_STEPS = 3;
/** An evaluation never writes the moments, so that they take no memory. */
const WITHOUT_MOMENTS = { kind: 'sgd', momentum: 0, nesterov: false } as const;

/**
 * Times training steps, or forward passes, of a network on noise and compares them with the best that this machine
 * reaches. Throws `AppError`: 'graph-invalid', 'native-failed'.
 */
export function benchProgram(options: BenchOptions): BenchResult {
  const { document } = options;
  const batch = document.training.batchSize;
  const steps = options.steps ?? 30;
  const graph = networkOf(document);
  const { channels } = imageSize(graph);
  const grey = {
    mean: new Array<number>(channels).fill(128),
    deviation: new Array<number>(channels).fill(64),
  };
  const program =
    options.isInference === true
      ? programOf(graph, { ...document.training, optimizer: WITHOUT_MOMENTS }, grey, 'evaluate')
      : programOf(graph, document.training, grey, 'train');
  const compute = chooseCompute(document.training, options.backend);
  const { times, cpuMsPerStep } = timeSteps(document, program, compute, steps);
  const msPerStep = median(times);
  const peakRssMb = process.resourceUsage().maxRSS / 1024;
  const floatBytes = { f32: 4, bf16: 2, f64: 8 }[compute.precision];
  const unlimited = { flopsPerSecond: Infinity, bytesPerSecond: Infinity };
  const { largestTensorBytes } = programCost(program, batch, floatBytes, unlimited);
  const ceilings = measureCeilings(compute, floatBytes, largestTensorBytes);
  const cost = programCost(program, batch, floatBytes, ceilings);
  return {
    msPerStep,
    cpuMsPerStep,
    imagesPerSecond: (1000 * batch) / msPerStep,
    peakRssMb,
    gflopPerStep: cost.flops / 1e9,
    efficiency: cost.idealMs / msPerStep,
    ceilings: {
      gflopPerSecond: ceilings.flopsPerSecond / 1e9,
      gbPerSecond: ceilings.bytesPerSecond / 1e9,
    },
    batch,
    steps,
    precision: compute.precision,
    threads: compute.threads,
    backend: compute.backend.description,
  };
}

function timeSteps(
  { training }: GraphDocument,
  program: ReturnType<typeof programOf>,
  { backend, threads, precision }: Compute,
  steps: number,
): { readonly times: readonly number[]; readonly cpuMsPerStep: number } {
  const session = backend.open(program.state, { threads, precision });
  try {
    initializeState(program.state, training.seed, session.state);
    const constantParameters = program.mode === 'evaluate';
    const prepared = session.prepare(program, training.batchSize, { constantParameters });
    const feed = noise(program, training.batchSize);
    const run = (step: number): number => {
      const learningRate = learningRateAt(training, step, steps, WARM_UP_STEPS + steps);
      const from = performance.now();
      prepared.run(feed, { learningRate, step: step + 1, randomKey: stepKey(training.seed, step) });
      return performance.now() - from;
    };
    for (let step = 0; step < WARM_UP_STEPS; step += 1) run(step);
    const before = process.cpuUsage();
    const times = Array.from({ length: steps }, (_, step) => run(WARM_UP_STEPS + step));
    const { user, system } = process.cpuUsage(before);
    return { times, cpuMsPerStep: (user + system) / 1000 / steps };
  } finally {
    session.close();
  }
}

function noise(
  program: ReturnType<typeof programOf>,
  batch: number,
): { images: Uint8Array; labels: Int32Array } {
  const random = openStream(1, 'bench');
  const elements = program.inputShape.reduce((product, dim) => product * dim, batch);
  return {
    images: Uint8Array.from({ length: elements }, () => random.below(256)),
    labels: Int32Array.from({ length: batch }, () => random.below(program.classes)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? NaN;
  return (low + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
