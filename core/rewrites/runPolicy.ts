import type { GraphDocument } from '../document/schema.ts';
import { blockPolicyOf, type RunPolicy } from '../nodes/batchNormPolicies.ts';
import { batchNormPolicyOf, setBatchNormPolicy } from './batchNormPolicy.ts';

/**
 * Sets what the runs of a project do with the BatchNorm before the head: the switches of the blocks, and whether the
 * running statistics are measured at the start. The same document where nothing changes.
 */
export function setRunPolicy(document: GraphDocument, policy: RunPolicy): GraphDocument {
  const graph = setBatchNormPolicy(document.graph, blockPolicyOf(policy));
  const training = withStartStatistics(document.training, policy === 'recalibrated');
  if (graph === document.graph && training === document.training) return document;
  return { ...document, graph, training };
}

/** The settings of runs that measure the running statistics at their start, or that begin with those they find. */
export function withStartStatistics(
  training: GraphDocument['training'],
  isMeasured: boolean,
): GraphDocument['training'] {
  if ((training.startStatistics === 'measured') === isMeasured) return training;
  const { startStatistics: _former, ...rest } = training;
  return isMeasured ? { ...rest, startStatistics: 'measured' } : rest;
}

/** The policy that the runs of a project have now: 'custom' where none gives its blocks, null without BatchNorm. */
export function runPolicyOf({ graph, training }: GraphDocument): RunPolicy | 'custom' | null {
  const policy = batchNormPolicyOf(graph);
  if (training.startStatistics !== 'measured') return policy;
  return policy === 'frozen' ? 'recalibrated' : policy && 'custom';
}
