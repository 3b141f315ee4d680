import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph } from '../document/schema.ts';
import { nodeOf } from '../graph/lookup.ts';
import { batchNorm } from '../nodes/batchNorm.ts';
import { BATCH_NORM_POLICIES, switchesOf, type BatchNormPolicy } from '../nodes/batchNormPolicies.ts';
import { completeParams } from '../nodes/defaults.ts';
import { withParam } from './graphEdits.ts';
import { partsOf } from './trunk.ts';

/** The BatchNorm blocks before the head. */
export function trunkNorms(graph: Graph): readonly NodeId[] {
  return partsOf(graph).trunk.filter((id) => nodeOf(graph, id)?.kind === batchNorm.kind);
}

/** The graph with the switches of a policy at one BatchNorm block; unchanged where it has them. */
export function setSwitches(graph: Graph, id: NodeId, policy: BatchNormPolicy): Graph {
  const params = completeParams(batchNorm, nodeOf(graph, id)?.params ?? {});
  return Object.entries(switchesOf(policy))
    .filter(([param, value]) => params[param] !== value)
    .reduce((result, [param, value]) => withParam(result, id, param, value), graph);
}

/** Sets the switches of BatchNorm blocks: of all before the head, or of those given. */
export function setBatchNormPolicy(
  graph: Graph,
  policy: BatchNormPolicy,
  norms: readonly NodeId[] = trunkNorms(graph),
): Graph {
  return norms
    .filter((id) => nodeOf(graph, id)?.kind === batchNorm.kind)
    .reduce((result, id) => setSwitches(result, id, policy), graph);
}

/** The policy that the blocks have in common: 'custom' where there is none, null without BatchNorm. */
export function batchNormPolicyOf(
  graph: Graph,
  norms: readonly NodeId[] = trunkNorms(graph),
): BatchNormPolicy | 'custom' | null {
  if (norms.length === 0) return null;
  const has = (policy: BatchNormPolicy): boolean => setBatchNormPolicy(graph, policy, norms) === graph;
  return BATCH_NORM_POLICIES.find(has) ?? 'custom';
}
