import { optimizerPlanOf } from '../../compile/optimizerPlan.ts';
import { buildStateLayout } from '../../compile/stateLayout.ts';
import { must } from '../../diagnostics/invariantError.ts';
import type { GraphDocument } from '../../document/schema.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import type { ParameterSlot, StatisticSlot } from '../../program/stateLayout.ts';
import type { TrainedModel } from '../trainedModel.ts';

/** Uniform numbers in [0, 1), reproducible by seed (mulberry32). */
function uniform(seed: number): () => number {
  let word = seed >>> 0;
  return () => {
    word = (word + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(word ^ (word >>> 15), word | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lowest and highest value of a slot; the ranges are wide apart, so that tests detect swapped tensors. */
function rangeOf({ field, dims, size }: ParameterSlot | StatisticSlot): readonly [number, number] {
  const bound = Math.sqrt((3 * must(dims[0], 'output channels')) / size);
  if (field === 'weights') return [-bound, bound];
  if (field === 'gamma') return [0.5, 1.5];
  if (field === 'variance') return [0.3, 2];
  return field === 'beta' ? [-1, 1] : [-0.5, 0.5];
}

/** The network of `document` as if trained: random weights and statistics, float32 values in a float64 state. */
export function randomModel(document: GraphDocument, seed = 1): TrainedModel {
  const report = checkGraph(document.graph);
  const graph = must(report.graph, `a network without errors in ${document.name}`);
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const state = new Float64Array(layout.totalSize);
  const draw = uniform(seed);
  for (const slot of [...layout.parameters, ...layout.statistics]) {
    const [low, high] = rangeOf(slot);
    for (let at = slot.offset; at < slot.offset + slot.size; at += 1)
      state[at] = Math.fround(low + (high - low) * draw());
  }
  const [channels = 1, height = 1, width = 1] = graph.inputShape;
  const perChannel = (value: (channel: number) => number): number[] =>
    Array.from({ length: channels }, (_, c) => value(c));
  return {
    document,
    graph,
    layout,
    state,
    classNames: Array.from({ length: graph.classes }, (_, k) => `class ${k} «é»`),
    preprocessing: {
      ...{ height, width, channels: channels === 1 ? 1 : 3, resize: 'stretch' },
      ...{ mean: perChannel((c) => 110.25 + 7 * c), deviation: perChannel((c) => 60.5 - 3 * c) },
    },
    provenance: {
      ...{ statistics: 'moving-average', batchesSeen: 1234, epochs: 3, step: 1234 },
      normlabVersion: '0.1.0',
    },
  };
}

/** `count` images of random bytes in the model's size, `[N, H, W, C]`. */
export function randomImages({ preprocessing }: TrainedModel, count: number, seed = 7): Uint8Array {
  const draw = uniform(seed);
  const { height, width, channels } = preprocessing;
  return Uint8Array.from({ length: count * height * width * channels }, () => draw() * 256);
}
