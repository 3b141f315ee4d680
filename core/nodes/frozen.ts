import type { NodeRecord } from '../document/schema.ts';
import { batchNorm } from './batchNorm.ts';
import { completeParams } from './defaults.ts';
import { findDefinition } from './registry.ts';

/**
 * True for a block with parameters or running statistics none of which changes in training: weights that are not
 * trained, or a BatchNorm that normalizes by stored statistics, does not update them and trains neither gamma nor beta.
 * A block without parameters, and a norm whose gamma and beta are off, is not frozen.
 */
export function isFrozenBlock({ kind, params }: Pick<NodeRecord, 'kind' | 'params'>): boolean {
  const definition = findDefinition(kind);
  if (definition === undefined) return false;
  const complete = completeParams(definition, params);
  if (kind === batchNorm.kind) {
    const { normalizeBy, updateStatistics, trainGamma, trainBeta } = complete;
    return (
      normalizeBy === 'stored' && updateStatistics === false && trainGamma === false && trainBeta === false
    );
  }
  const ownsWeights = complete.gamma !== false || complete.beta !== false;
  return complete.trainWeights === false && ownsWeights;
}
