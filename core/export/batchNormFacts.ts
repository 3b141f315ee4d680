import { AppError } from '../diagnostics/appError.ts';
import { InvariantError } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../document/ids.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import type { BatchNormParams } from '../nodes/batchNorm.ts';
import type { VarianceEstimator } from '../program/instruction.ts';
import type { TrainedModel } from './trainedModel.ts';

/** What no tensor tells about a BatchNorm block, and a reader in another framework needs. */
export interface BatchNormFacts {
  readonly node: NodeId;
  readonly channels: number;
  readonly epsilon: number;
  /** Weight of the OLD value; PyTorch's momentum is `1 - decay`. */
  readonly decay: number;
  /** How a batch's variance was estimated before it went into the stored one. */
  readonly estimator: VarianceEstimator;
}

/** The facts of every BatchNorm block, in the graph's order. */
export function batchNormFacts(graph: ShapedGraph): readonly BatchNormFacts[] {
  return graph.order.filter(isBatchNorm).map((block) => {
    const { epsilon, decay, variance }: Partial<BatchNormParams> = block.params;
    if (typeof epsilon !== 'number' || typeof decay !== 'number' || variance === undefined)
      throw new InvariantError(`BatchNorm ${block.id} without epsilon, decay or variance`);
    return { node: block.id, channels: block.statisticChannels, epsilon, decay, estimator: variance };
  });
}

export function isBatchNorm(block: ShapedNode): boolean {
  return block.definition.kind === 'batchNorm';
}

/**
 * Refuses a network whose BatchNorm blocks still hold their initial statistics: frozen, they would only look like a trained
 * network. Throws `AppError('run-has-no-weights')`.
 */
export function requireFrozenStatistics(model: TrainedModel): void {
  const block = model.graph.order.find(isBatchNorm);
  const { statistics, batchesSeen } = model.provenance;
  if (block === undefined || statistics === 'exact' || batchesSeen > 0) return;
  throw new AppError(
    'run-has-no-weights',
    `The BatchNorm block ${block.id} has seen no batch, so there are no statistics to freeze. Train for at least one step, or recalibrate, then export again.`,
    { where: block.id },
  );
}
