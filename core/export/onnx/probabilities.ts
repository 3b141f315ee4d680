import { readoutOf } from '../readout.ts';
import type { TrainedModel } from '../trainedModel.ts';
import { float32Scalar, int, type GraphBuilder } from './graphBuilder.ts';
import { LOGITS_NAME, PROBABILITIES_NAME } from './opContext.ts';

/**
 * Adds the nodes from `logits` to `probabilities` `[N, classes]`, by the readout of the network's loss (`readout.ts`).
 * A single logit gives two probabilities. The names cannot collide with blocks, since block ids have no dot.
 */
export function addProbabilities({ graph, document }: TrainedModel, builder: GraphBuilder): void {
  switch (readoutOf(document.training.loss, graph.logitCount)) {
    case 'softmax':
      builder.node('output.softmax', 'Softmax', [LOGITS_NAME], PROBABILITIES_NAME, { axis: int(1) });
      return;
    case 'sigmoid':
      builder.node('output.sigmoid', 'Sigmoid', [bothSides(graph.logitCount, builder)], PROBABILITIES_NAME);
      return;
    case 'clip': {
      const bounds = [
        builder.constant('output.least', [], float32Scalar(0)),
        builder.constant('output.most', [], float32Scalar(1)),
      ];
      builder.node('output.clip', 'Clip', [LOGITS_NAME, ...bounds], PROBABILITIES_NAME);
    }
  }
}

/** `[-z, z]` of a single logit: their sigmoids are the probabilities of the two classes. */
function bothSides(logitCount: number, builder: GraphBuilder): string {
  if (logitCount > 1) return LOGITS_NAME;
  const other = builder.node('output.negative', 'Neg', [LOGITS_NAME], 'output.negative.out');
  return builder.node('output.both', 'Concat', [other, LOGITS_NAME], 'output.both.out', { axis: int(1) });
}
