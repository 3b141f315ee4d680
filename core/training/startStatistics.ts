import type { GraphDocument } from '../document/schema.ts';
import { trunkNorms } from '../rewrites/batchNormPolicy.ts';
import { message, type Message } from '../words/message.ts';

/** The note that a run measures running statistics before its first step; none where it does not. */
export function startStatisticsNotes({ graph, training }: GraphDocument): readonly Message[] {
  if (training.startStatistics !== 'measured') return [];
  const blocks = trunkNorms(graph).length;
  return [blocks === 0 ? message('policies.measuresNothing') : message('policies.measuresFirst', { blocks })];
}
