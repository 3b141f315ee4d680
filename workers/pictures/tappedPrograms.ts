import type { PreparedProgram, Session } from '#core/backend/backend.ts';
import type { Taps } from '#core/compile/options.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { programOf } from '../compute/network.ts';

/** Programs that stay prepared: those of the blocks shown last. */
const KEPT = 4;

/** Programs of a network for one picture. The session releases them when it closes. */
export interface TappedPrograms {
  /** The program of a block, with the gradient of a logit there or without; prepared at the first use. */
  at(block: NodeId, gradients: boolean): PreparedProgram;
  /** The program that reports logits alone. */
  plain(): PreparedProgram;
}

/** Prepares programs in `session`, whose state is that of the model. */
export function createTappedPrograms(model: TrainedModel, session: Session): TappedPrograms {
  const prepared = new Map<string, PreparedProgram>();
  const make = (taps: Taps): PreparedProgram => {
    const { graph, document, preprocessing } = model;
    return session.prepare(programOf(graph, document.training, preprocessing, 'evaluate', { taps }), 1);
  };
  const kept = (taps: Taps): PreparedProgram => {
    const key = JSON.stringify(taps);
    const program = prepared.get(key) ?? make(taps);
    // Put at the end: the first key is that of the program used longest ago.
    prepared.delete(key);
    prepared.set(key, program);
    for (const old of [...prepared.keys()].slice(0, -KEPT)) {
      prepared.get(old)?.release();
      prepared.delete(old);
    }
    return program;
  };
  return {
    at: (block, gradients) => kept({ nodes: [block], gradients }),
    plain: () => kept({ nodes: [], gradients: false }),
  };
}
