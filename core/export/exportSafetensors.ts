import { frozenWeights, type ExportOptions } from './frozenWeights.ts';
import { encodeSafetensors } from './safetensors.ts';
import type { TrainedModel } from './trainedModel.ts';

/**
 * A safetensors file of the frozen weights, with `format: pt` as PyTorch tools expect. Throws `AppError`:
 * 'run-has-no-weights' without statistics to freeze, 'diverged' when a value is not finite.
 */
export function exportSafetensors(model: TrainedModel, options: ExportOptions): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = frozenWeights(model, options);
  return encodeSafetensors(tensors, { format: 'pt', ...metadata }, { finiteOnly: true });
}
