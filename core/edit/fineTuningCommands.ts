import type { GraphDocument } from '../document/schema.ts';
import { nodeOf } from '../graph/lookup.ts';
import { trunkNorms } from '../rewrites/batchNormPolicy.ts';
import { setRunPolicy } from '../rewrites/runPolicy.ts';
import { headOf } from '../rewrites/trunk.ts';
import { canFreeze, setFrozen, setWhatTrains } from '../rewrites/whatTrains.ts';
import { message } from '../words/message.ts';
import type { CommandOf } from './command.ts';
import { changed, changedGraph, refused, type Outcome } from './outcome.ts';

export function applyWhatTrains(
  document: GraphDocument,
  { what, headRate, trunkRate, layerDecay }: CommandOf<'setWhatTrains'>,
): Outcome {
  if (headOf(document.graph).length === 0) return refused(message('fineTuning.noHead'));
  const rates = { headRate, trunkRate, layerDecay };
  return changedGraph(document, setWhatTrains(document.graph, what, rates));
}

export function applyBatchNormPolicy(
  document: GraphDocument,
  { policy }: CommandOf<'setBatchNormPolicy'>,
): Outcome {
  if (trunkNorms(document.graph).length === 0) return refused(message('fineTuning.noNorms'));
  return changed(setRunPolicy(document, policy));
}

export function applyFrozen(document: GraphDocument, { nodes, frozen }: CommandOf<'setFrozen'>): Outcome {
  const { graph } = document;
  const missing = nodes.find((id) => !nodeOf(graph, id));
  if (missing !== undefined) return refused(message('edit.noBlock', { id: missing }));
  if (!nodes.some((id) => canFreeze(graph, id))) return refused(message('fineTuning.freezesNothing'));
  return changedGraph(document, setFrozen(graph, nodes, frozen));
}
