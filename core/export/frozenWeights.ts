import { foldModel } from './fold.ts';
import { batchNormFacts, statisticsOrigin } from './batchNormFacts.ts';
import { requireFrozenStatistics } from './exportLint.ts';
import { modelMetadata, type InputLayout } from './metadata.ts';
import type { TensorToWrite } from './safetensors.ts';
import { readSlot } from './stateReader.ts';
import type { TrainedModel } from './trainedModel.ts';

export interface ExportOptions {
  /** Folds each BatchNorm that can be folded into the layer before it; the others stay. */
  readonly foldBatchNorm: boolean;
  /**
   * ONNX only: the input is bytes `[N, H, W, C]` of any height and width, and the graph itself resizes and normalizes
   * them. Default false.
   */
  readonly withPreprocessing?: boolean | undefined;
}

/** float32 values, or an int64 counter. */
export type WeightTensor =
  | (TensorToWrite & { readonly dtype: 'F32'; readonly data: Float32Array })
  | (TensorToWrite & { readonly dtype: 'I64'; readonly data: BigInt64Array });

interface FrozenWeights {
  readonly tensors: readonly WeightTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The network of the tensors: without the BatchNorm blocks that were folded. */
  readonly written: TrainedModel;
}

/**
 * The content of a weights file: the tensors of a PyTorch state dict (`conv1.weight`, `bn1.running_mean`, and for each
 * BatchNorm the int64 scalar `bn1.num_batches_tracked`), and as metadata what a state dict cannot hold;
 * docs/formats.md. Throws `AppError` 'run-has-no-weights' without statistics to freeze.
 */
export function frozenWeights(
  model: TrainedModel,
  { foldBatchNorm }: ExportOptions,
  layout: InputLayout = 'NCHW',
): FrozenWeights {
  requireFrozenStatistics(model);
  const folded = foldBatchNorm ? foldModel(model) : null;
  const written = folded?.model ?? model;
  const metadata = modelMetadata(written, {
    normalizesInput: false,
    layout,
    folding: folded === null ? null : { source: model, decisions: folded.decisions },
  });
  return { tensors: stateDict(written), metadata, written };
}

/** The tensors of a PyTorch state dict under the ids of the blocks. */
export function stateDict(model: TrainedModel): WeightTensor[] {
  const slots = [...model.layout.parameters, ...model.layout.statistics];
  const values = slots.map((slot): WeightTensor => {
    const { name, dims, data } = readSlot(model, slot);
    return { name, dtype: 'F32', shape: dims, data };
  });
  const counters = batchNormFacts(model.graph).map((facts): WeightTensor => ({
    name: `${facts.node}.num_batches_tracked`,
    dtype: 'I64',
    shape: [],
    data: BigInt64Array.of(BigInt(Math.trunc(statisticsOrigin(model, facts).batchesSeen))),
  }));
  return [...values, ...counters];
}
