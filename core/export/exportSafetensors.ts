import { foldModel } from './fold.ts';
import { batchNormFacts, requireFrozenStatistics, statisticsOrigin } from './batchNormFacts.ts';
import { modelMetadata } from './metadata.ts';
import { encodeSafetensors, type TensorToWrite } from './safetensors.ts';
import { readSlot } from './stateReader.ts';
import type { TrainedModel } from './trainedModel.ts';

export interface ExportOptions {
  /** Folds each BatchNorm that can be into the layer before it; the others stay. */
  readonly foldBatchNorm: boolean;
}

/**
 * A safetensors file with the tensors of a PyTorch state dict: `conv1.weight`, `bn1.running_mean`, and for each BatchNorm the
 * int64 scalar `bn1.num_batches_tracked`. What a state dict cannot hold stands in the metadata; docs/formats.md. Throws
 * `AppError`: 'run-has-no-weights' without statistics to freeze, 'diverged' when a value is not finite.
 */
export function exportSafetensors(
  model: TrainedModel,
  { foldBatchNorm }: ExportOptions,
): Uint8Array<ArrayBuffer> {
  requireFrozenStatistics(model);
  const folded = foldBatchNorm ? foldModel(model) : null;
  const written = folded?.model ?? model;
  const metadata = modelMetadata(written, {
    normalizesInput: false,
    folding: folded === null ? null : { source: model, decisions: folded.decisions },
  });
  return encodeSafetensors(stateDict(written), { format: 'pt', ...metadata }, { finiteOnly: true });
}

function stateDict(model: TrainedModel): TensorToWrite[] {
  const slots = [...model.layout.parameters, ...model.layout.statistics];
  const values = slots.map((slot): TensorToWrite => {
    const { name, dims, data } = readSlot(model, slot);
    return { name, dtype: 'F32', shape: dims, data };
  });
  const counters = batchNormFacts(model.graph).map((facts): TensorToWrite => ({
    name: `${facts.node}.num_batches_tracked`,
    dtype: 'I64',
    shape: [],
    data: BigInt64Array.of(BigInt(Math.trunc(statisticsOrigin(model, facts).batchesSeen))),
  }));
  return [...values, ...counters];
}
