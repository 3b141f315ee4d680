import type { PreparedProgram } from '#core/backend/backend.ts';
import { compile } from '#core/compile/compile.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { defaultTrainingSettings } from '#core/document/trainingSettings.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';
import type { Program } from '#core/program/program.ts';
import { initializeState } from '#core/training/initialize.ts';
import { programCost, type Ceilings } from '#core/training/programCost.ts';
import type { Compute } from './compute.ts';

/** Time spent on each measurement. */
const MEASURE_MS = 400;
const NO_LIMIT: Ceilings = { flopsPerSecond: Infinity, bytesPerSecond: Infinity };

/**
 * Measures the ceilings of the backend on this machine, which a network's time is compared with. Arithmetic: a chain of
 * forward 5 × 5 convolutions of 128 channels, because these perform every multiplication that is counted. (3 × 3
 * convolutions perform fewer, by Winograd convolution, so a network of them can exceed 1; weight gradients are slower
 * and have the opposite effect.) Traffic: a chain of ReLUs on tensors of about `tensorBytes`, the size of the network's
 * largest tensor, so that caches have the same effect as in the network. Each ceiling is the best of the runs within
 * 0.4 s.
 */
export function measureCeilings(compute: Compute, floatBytes: number, tensorBytes: number): Ceilings {
  const isSlow = compute.backend.kind === 'reference';
  const convolutions = convolutionChain(isSlow ? 8 : 128);
  const copies = reluChain(isSlow ? 16 : 128);
  const convBatch = isSlow ? 1 : 32;
  const perSample = copies.inputShape.reduce((product, dim) => product * dim, floatBytes);
  const copyBatch = Math.max(1, Math.min(isSlow ? 4 : 4096, Math.round(tensorBytes / perSample)));
  const flops = programCost(convolutions, convBatch, floatBytes, NO_LIMIT).flops;
  const { bytes } = programCost(copies, copyBatch, floatBytes, NO_LIMIT);
  return {
    flopsPerSecond: flops / bestSeconds(compute, convolutions, convBatch),
    bytesPerSecond: bytes / bestSeconds(compute, copies, copyBatch),
  };
}

function convolutionChain(channels: number): Program {
  const builder = new GraphBuilder();
  let last = builder.add('input', 'input', [0, 0], [], { height: 16, width: 16, channels: 3 });
  for (const index of [1, 2, 3, 4, 5]) {
    const params = { filters: channels, kernel: 5, bias: false };
    last = builder.add(`conv${index}`, 'conv2d', [0, index], [last], params);
  }
  return finish(builder, last);
}

function reluChain(pixels: number): Program {
  const builder = new GraphBuilder();
  let last = builder.add('input', 'input', [0, 0], [], { height: pixels, width: pixels, channels: 3 });
  for (let index = 1; index <= 8; index += 1) {
    last = builder.add(`relu${index}`, 'relu', [0, index], [last]);
  }
  return finish(builder, last);
}

function finish(builder: GraphBuilder, last: ReturnType<GraphBuilder['add']>): Program {
  const pooled = builder.add('gap', 'globalAvgPool', [0, 9], [last]);
  const dense = builder.add('dense1', 'dense', [0, 10], [pooled], { units: 2 });
  builder.add('output', 'output', [0, 11], [dense]);
  return compile(must(checkGraph(builder.build().graph).graph, 'network of the benchmark'), {
    mode: 'evaluate',
    input: { type: 'f32' },
    optimizer: optimizerPlanOf(defaultTrainingSettings()),
    labelSmoothing: 0,
  });
}

function bestSeconds(compute: Compute, program: Program, batch: number): number {
  const { threads, precision } = compute;
  const session = compute.backend.open(program.state, { threads, precision });
  try {
    initializeState(program.state, 1, session.state);
    const prepared = session.prepare(program, batch);
    const elements = program.inputShape.reduce((product, dim) => product * dim, batch);
    const images = precision === 'f64' ? new Float64Array(elements) : new Float32Array(elements);
    images.forEach((_, index) => (images[index] = (index % 17) / 17 - 0.5));
    return bestOf(() => runOnce(prepared, images));
  } finally {
    session.close();
  }
}

function runOnce(prepared: PreparedProgram, images: Float32Array | Float64Array): number {
  const from = performance.now();
  prepared.run({ images }, { learningRate: 0, step: 1, randomKey: 0 });
  return (performance.now() - from) / 1000;
}

function bestOf(run: () => number): number {
  run();
  const until = performance.now() + MEASURE_MS;
  let best = run();
  while (performance.now() < until) best = Math.min(best, run());
  return best;
}
