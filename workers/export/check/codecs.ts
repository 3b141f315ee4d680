import type { Backend } from '#core/backend/backend.ts';
import { exportOnnx } from '#core/export/exportOnnx.ts';
import { exportSafetensors } from '#core/export/exportSafetensors.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import type { ExportOptions } from '#core/export/frozenWeights.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { EachPiece } from '../../export/check/backendLogits.ts';
import { onnxLogits } from '../../export/check/onnxLogits.ts';
import type { Samples } from '../../export/check/samples.ts';
import { safetensorsLogits } from '../../export/check/safetensorsLogits.ts';

interface Codec {
  /**
   * The bytes of the file. Throws `AppError`: 'run-has-no-weights' without statistics to freeze, 'diverged' when a
   * value is not finite.
   */
  write(model: TrainedModel, options: ExportOptions): Uint8Array;
  /**
   * Logits `[N, logitCount]` computed from the file alone, by a reader that is independent of the lab's own. For a file
   * that holds only weights, `backend` computes them. Throws for an unreadable file, and what `each` throws.
   */
  readLogits(file: Uint8Array, samples: Samples, each: EachPiece, backend: Backend): Promise<Float64Array>;
}

/** Writer and independent reader of every format. */
export const CODECS: Readonly<Record<ExportFormat, Codec>> = {
  onnx: { write: exportOnnx, readLogits: onnxLogits },
  safetensors: { write: exportSafetensors, readLogits: safetensorsLogits },
};
