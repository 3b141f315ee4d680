import { referenceBackend } from '../../backend/reference/referenceBackend.ts';
import type { Session } from '../../backend/backend.ts';
import { compile } from '../../compile/compile.ts';
import type { CompileOptions } from '../../compile/options.ts';
import { lossPlanOf } from '../../compile/lossPlan.ts';
import { optimizerPlanOf } from '../../compile/optimizerPlan.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { createDocument } from '../../document/create.ts';
import type { GraphDocument } from '../../document/schema.ts';
import { trainingSettingsSchema, type TrainingSettings } from '../../document/trainingSettings.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import { GraphBuilder } from '../../templates/graphBuilder.ts';
import type { ShapedGraph } from '../../graph/shapedGraph.ts';
import type { Program, ProgramMode } from '../../program/program.ts';
import type { BatchSource } from '../batchSource.ts';
import { initializeState } from '../initialize.ts';
import { openStream } from '../random.ts';

/** For tests: a network with every kind of state and random draw, for 6 × 6 gray images. */
export function tinyDocument(settings: Partial<TrainingSettings> = {}, classes = 3): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height: 6, width: 6, channels: 1 });
  const conv = builder.add('conv1', 'conv2d', [0, 1], [input], {
    filters: 4,
    kernelY: 3,
    kernelX: 3,
    bias: false,
  });
  const norm = builder.add('bn1', 'batchNorm', [0, 2], [conv], { decay: 0.8 });
  const relu = builder.add('relu1', 'relu', [0, 3], [norm]);
  const drop = builder.add('drop1', 'dropout', [0, 4], [relu], { rate: 0.3 });
  const flat = builder.add('flatten', 'flatten', [0, 5], [drop]);
  const dense = builder.add('dense1', 'dense', [0, 6], [flat], { units: classes });
  builder.add('output', 'output', [0, 7], [dense]);
  const { graph, positions } = builder.build();
  const training = trainingSettingsSchema.parse({ epochs: 2, batchSize: 5, seed: 7, ...settings });
  return { ...createDocument('Tiny', 'tiny'), graph, layout: { positions }, training };
}

function tinyGraph(document: GraphDocument): ShapedGraph {
  return must(checkGraph(document.graph).graph, 'graph of the tiny network');
}

export function tinyProgram(
  document: GraphDocument,
  mode: ProgramMode,
  weights: 'raw' | 'average' = 'raw',
  late: Pick<CompileOptions, 'late'> = {},
): Program {
  return compile(tinyGraph(document), {
    mode,
    input: { type: 'u8', mean: [120], deviation: [60] },
    optimizer: optimizerPlanOf(document.training),
    labelSmoothing: document.training.labelSmoothing,
    loss: lossPlanOf(document.training, null),
    weights,
    ...late,
  });
}

/** A session of the reference backend with the state before the first step. */
export function tinySession(document: GraphDocument): Session {
  const layout = tinyProgram(document, 'train').state;
  const session = referenceBackend.open(layout, { threads: 1, precision: 'f64' });
  initializeState(layout, document.training.seed, session.state);
  return session;
}

/** Images in memory: noise with a bright stripe whose row is the class, so that there is something to learn. */
export function memorySource(size: number, seed = 1, classes = 3): BatchSource {
  const random = openStream(seed, 'pictures');
  const labels = Int32Array.from({ length: size }, (_, sample) => sample % classes);
  const pixels = Uint8Array.from({ length: size * 36 }, (_, at) => {
    const row = Math.floor((at % 36) / 6);
    return random.below(120) + (row === (labels[Math.floor(at / 36)] ?? 0) ? 120 : 0);
  });
  return {
    size,
    labels,
    prefetch: () => undefined,
    read: (indices) => {
      const images = new Uint8Array(indices.length * 36);
      indices.forEach((sample, at) => {
        images.set(pixels.subarray(sample * 36, (sample + 1) * 36), at * 36);
      });
      const picked = Int32Array.from(indices, (sample) => must(labels[sample], `label ${sample}`));
      return Promise.resolve({ images, labels: picked, count: indices.length });
    },
  };
}
