import type { Backend, ComputePrecision, PreparedProgram } from '#core/backend/backend.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { lossPlanOf } from '#core/compile/lossPlan.ts';
import { compile } from '#core/compile/compile.ts';
import { bytesInput } from '#core/compile/options.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { chunksOf, type Samples } from './samples.ts';

type Network = Pick<TrainedModel, 'document' | 'graph' | 'layout' | 'state' | 'preprocessing'>;

/** Learning rate and step have no effect outside training. */
const IDLE_SCALARS = { learningRate: 0, step: 1, randomKey: 0 };

/** Called after each chunk of samples, with their number; it may process messages, and throw. */
export type EachPiece = (count: number) => Promise<void>;

/**
 * Logits `[N, logitCount]` of the network in frozen mode, in the backend's widest precision and never in bf16. Throws
 * what `each` throws.
 */
export async function backendLogits(
  backend: Backend,
  model: Network,
  samples: Samples,
  each?: EachPiece,
): Promise<Float64Array> {
  const program = compile(model.graph, {
    mode: 'evaluate',
    input: bytesInput(model.preprocessing),
    optimizer: optimizerPlanOf(model.document.training),
    labelSmoothing: 0,
    loss: lossPlanOf(model.document.training, null),
  });
  const session = backend.open(program.state, { threads: 1, precision: widestPrecision(backend) });
  try {
    session.state.set(model.state);
    const logits = new Float64Array(samples.count * program.logitCount);
    let prepared: PreparedProgram | null = null;
    let done = 0;
    for (const chunk of chunksOf(samples)) {
      if (prepared?.batch !== chunk.count) prepared = session.prepare(program, chunk.count);
      prepared.run({ images: chunk.bytes }, IDLE_SCALARS);
      logits.set(prepared.logits, done * program.logitCount);
      done += chunk.count;
      await each?.(chunk.count);
    }
    return logits;
  } finally {
    session.close();
  }
}

function widestPrecision(backend: Backend): ComputePrecision {
  return backend.precisions.includes('f64') ? 'f64' : 'f32';
}
