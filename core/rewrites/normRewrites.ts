import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, NodeRecord, Params } from '../document/schema.ts';
import { completeParams } from '../nodes/defaults.ts';
import { groupNorm } from '../nodes/groupNorm.ts';
import { instanceNorm } from '../nodes/instanceNorm.ts';
import { layerNorm } from '../nodes/layerNorm.ts';
import { channelsOf } from '../nodes/shapeRules.ts';
import { elementCount, type Shape } from '../program/shape.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { withNode } from './graphEdits.ts';
import { nodeIds, nodeOf } from '../graph/lookup.ts';

type Block = Pick<NodeRecord, 'kind' | 'params'>;

/** Number of groups, after Wu and He 2018, for the widths of the built-in networks. */
const GROUPS = 8;

/** One gamma and beta per channel, as in BatchNorm: only the statistics differ. */
function layerBlock(): Block {
  return { kind: layerNorm.kind, params: completeParams(layerNorm, { affine: 'eachChannel' }) };
}

/** The largest number of groups, up to eight, that divides the channels and leaves at least two values per group. */
function groupBlock(shape: Shape): Block {
  const channels = channelsOf(shape);
  const fits = (groups: number): boolean => channels % groups === 0 && elementCount(shape) > groups;
  const groups = Array.from({ length: GROUPS }, (_, index) => GROUPS - index).find(fits) ?? 1;
  const params: Params = { groups };
  return { kind: groupNorm.kind, params: completeParams(groupNorm, params) };
}

/** A vector has no pixels to normalize a channel over, so it gets a LayerNorm. */
function instanceBlock(shape: Shape): Block {
  if (shape.length !== 3 || shape.slice(1).every((size) => size === 1)) return layerBlock();
  return { kind: instanceNorm.kind, params: completeParams(instanceNorm, {}) };
}

/**
 * Replaces every BatchNorm by another block, which keeps its id, label, wires and epsilon. A BatchNorm stays if its
 * shape is not known yet, or if it has a single value per sample, which no norm within a sample can normalize.
 */
function replaceBatchNorm(graph: Graph, blockFor: (shape: Shape) => Block): Graph {
  const { shapes } = checkGraph(graph);
  const isNorm = (id: NodeId): boolean => nodeOf(graph, id)?.kind === 'batchNorm';
  return nodeIds(graph)
    .filter(isNorm)
    .reduce((result, id) => {
      const record = nodeOf(graph, id);
      const shape = shapes.get(id);
      if (!record || !shape || elementCount(shape) < 2) return result;
      const { kind, params } = blockFor(shape);
      const epsilon = record.params.epsilon ?? params.epsilon;
      return withNode(result, id, {
        ...record,
        kind,
        params: { ...params, ...(epsilon === undefined ? {} : { epsilon }) },
      });
    }, graph);
}

/** BatchNorm to LayerNorm over the whole sample, with one gamma and beta per channel. */
export function batchNormToLayerNorm(graph: Graph): Graph {
  return replaceBatchNorm(graph, layerBlock);
}

/** BatchNorm to GroupNorm with eight groups, or fewer where eight do not divide the channels. */
export function batchNormToGroupNorm(graph: Graph): Graph {
  return replaceBatchNorm(graph, groupBlock);
}

/** BatchNorm to InstanceNorm; to LayerNorm for vectors and for images of one pixel. */
export function batchNormToInstanceNorm(graph: Graph): Graph {
  return replaceBatchNorm(graph, instanceBlock);
}
