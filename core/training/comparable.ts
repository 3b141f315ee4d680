import { AppError } from '../diagnostics/appError.ts';
import type { GraphDocument } from '../document/schema.ts';
import { trunkNorms } from '../rewrites/batchNormPolicy.ts';
import { message } from '../words/message.ts';

/**
 * Refuses a network whose BatchNorm policies cannot be compared: without BatchNorm before the head, or without trained
 * weights. `hasWeights`: they are given besides the project. Throws `AppError('arguments')`.
 */
export function refuseIncomparable({ graph, start }: GraphDocument, hasWeights: boolean): void {
  if (trunkNorms(graph).length === 0) throw new AppError('arguments', message('policies.noNorms'));
  if (!hasWeights && start === undefined) throw new AppError('arguments', message('policies.needsStart'));
}
