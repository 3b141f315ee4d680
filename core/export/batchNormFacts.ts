import { InvariantError } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { GraphDocument } from '../document/schema.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import { BATCH_NORM_PARAMS, type BatchNormParams } from '../nodes/batchNormParams.ts';
import { readsBatch, renormBoundsOf } from '../nodes/lowerBatchNorm.ts';
import type { Averaging, RenormBounds, VarianceEstimator } from '../program/instruction.ts';
import { trunkNorms } from '../rewrites/batchNormPolicy.ts';
import type { TrainedModel } from './trainedModel.ts';

/** Facts about a BatchNorm block that no tensor holds and a reader in another framework needs. */
export interface BatchNormFacts {
  readonly node: NodeId;
  readonly channels: number;
  readonly epsilon: number;
  /** Weight of the OLD value; PyTorch's momentum is `1 - decay`. */
  readonly decay: number;
  /** The estimator of the batch variance that the running variance averages. */
  readonly estimator: VarianceEstimator;
  readonly averaging: Averaging;
  /**
   * False where no training step updates the running statistics: they keep their initial values, mean 0 and variance 1.
   */
  readonly updates: boolean;
  /** Samples per ghost batch in training; 0 for the whole batch. */
  readonly ghostSize: number;
  /** Null without batch renormalization. */
  readonly renorm: RenormBounds | null;
}

/** The facts of every BatchNorm block, in the graph's order. */
export function batchNormFacts(graph: ShapedGraph): readonly BatchNormFacts[] {
  return graph.order.filter(isBatchNorm).map((block) => {
    const params = paramsOf(block);
    const { epsilon, decay, averaging, variance: estimator, normalizeBy, ghostSize } = params;
    const byBatch = normalizeBy === 'batch';
    return {
      ...{ node: block.id, channels: block.statisticChannels, epsilon, decay, estimator, averaging },
      updates: params.updateStatistics && !(averaging === 'decay' && decay === 1),
      ghostSize: byBatch ? ghostSize : 0,
      renorm: byBatch && params.renorm ? renormBoundsOf(params) : null,
    };
  });
}

/** The parameters of a shaped block are complete and checked, but its type does not say so. */
function paramsOf(block: ShapedNode): BatchNormParams {
  const { params } = block as { readonly params: Partial<BatchNormParams> };
  for (const name of Object.keys(BATCH_NORM_PARAMS) as (keyof BatchNormParams)[])
    if (params[name] === undefined) throw new InvariantError(`BatchNorm ${block.id} without ${name}`);
  return params as BatchNormParams;
}

export function isBatchNorm(block: ShapedNode): boolean {
  return block.definition.kind === 'batchNorm';
}

/**
 * True for a BatchNorm block that computes batch statistics in training, so its statistics can be measured: every one
 * that is not frozen.
 */
export function measuresBatch(block: ShapedNode): boolean {
  return isBatchNorm(block) && readsBatch(paramsOf(block));
}

/**
 * How the stored statistics of a block were obtained. `imported`: read from trained weights at the start, and unchanged
 * since.
 */
export type StatisticsOrigin = TrainedModel['provenance']['statistics'] | 'imported' | 'never updated';

type Start = NonNullable<TrainedModel['provenance']['start']>;

/** How the stored statistics of a block were obtained, and how many training batches updated them. */
export function statisticsOrigin(
  { provenance, graph, document }: Pick<TrainedModel, 'provenance' | 'graph' | 'document'>,
  { node, updates }: BatchNormFacts,
): { readonly origin: StatisticsOrigin; readonly batchesSeen: number } {
  const block = graph.byId.get(node);
  const counted = provenance.seenBy?.get(node);
  const batchesSeen = counted ?? (updates ? provenance.batchesSeen : 0);
  const isMeasured = provenance.statistics === 'exact' && block !== undefined && measuresBatch(block);
  if (isMeasured) return { origin: 'exact', batchesSeen };
  if (batchesSeen > 0) return { origin: 'moving-average', batchesSeen };
  if (isMeasuredAtStart(document, node)) return { origin: 'exact', batchesSeen };
  return { origin: isImported(provenance.start, node) ? 'imported' : 'never updated', batchesSeen };
}

/** True when the statistics of the block were measured before the first step. */
function isMeasuredAtStart({ training, graph }: GraphDocument, node: NodeId): boolean {
  return training.startStatistics === 'measured' && trunkNorms(graph).includes(node);
}

/** True when the statistics of the block came with the trained weights that training started from. */
function isImported(start: Start | undefined, node: NodeId): boolean {
  return start !== undefined && !start.initialized.includes(`${node}.mean`);
}

/**
 * Ids of the blocks whose statistics no training step updates, and which neither come with trained weights nor are
 * measured at the start.
 */
export function neverUpdated(
  { document, graph }: Pick<TrainedModel, 'document' | 'graph'>,
  start: Start | undefined,
): NodeId[] {
  return batchNormFacts(graph)
    .filter((facts) => !facts.updates && !isImported(start, facts.node))
    .map(({ node }) => node)
    .filter((node) => !isMeasuredAtStart(document, node));
}
