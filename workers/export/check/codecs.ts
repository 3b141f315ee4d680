import type { Backend } from '#core/backend/backend.ts';
import type { WrittenBundle } from '#core/export/bundle/writtenBundle.ts';
import { exportOnnx } from '#core/export/exportOnnx.ts';
import { exportSafetensors } from '#core/export/exportSafetensors.ts';
import type { FileFormatName, FolderFormatName } from '#core/export/formats.ts';
import type { ExportOptions } from '#core/export/frozenWeights.ts';
import { exportCaffe } from '#core/export/caffe/exportCaffe.ts';
import { exportNpz } from '#core/export/npz/exportNpz.ts';
import { exportPytorch } from '#core/export/torch/exportPytorch.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { EachPiece } from '../../export/check/backendLogits.ts';
import type { BundleReading } from '../../export/check/bundleReading.ts';
import { caffeLogits } from '../../export/check/caffeLogits.ts';
import { npzLogits } from '../../export/check/npzLogits.ts';
import { kerasLogits } from '../../export/check/kerasLogits.ts';
import { onnxLogits } from '../../export/check/onnxLogits.ts';
import { pytorchLogits } from '../../export/check/pytorchLogits.ts';
import type { Samples } from '../../export/check/samples.ts';
import { safetensorsLogits } from '../../export/check/safetensorsLogits.ts';
import { writeKeras } from '../../export/keras/writeKeras.ts';

/** Writer and independent reader of a format whose files are `Result`, and `Read` when they are read back. */
interface Codec<Result, Read> {
  /**
   * The bytes of the file, or of all files of a folder. Throws `AppError`: 'run-has-no-weights' without statistics to
   * freeze, 'diverged' when a value is not finite.
   */
  write(model: TrainedModel, options: ExportOptions): Result;
  /**
   * Logits `[N, logitCount]` computed from the file or folder alone, by a reader that is independent of the writer. For
   * files that hold only weights, `backend` computes them. Throws for an unreadable file, and what `each` throws.
   */
  readLogits(written: Read, samples: Samples, each: EachPiece, backend: Backend): Promise<Float64Array>;
}

export type FolderCodec = Codec<WrittenBundle | Promise<WrittenBundle>, BundleReading>;

/** The formats of one file. */
export const FILE_CODECS: Readonly<Record<FileFormatName, Codec<Uint8Array, Uint8Array>>> = {
  onnx: { write: exportOnnx, readLogits: onnxLogits },
  safetensors: { write: exportSafetensors, readLogits: safetensorsLogits },
};

/** The formats of a folder. */
export const FOLDER_CODECS: Readonly<Record<FolderFormatName, FolderCodec>> = {
  pytorch: { write: exportPytorch, readLogits: pytorchLogits },
  npz: { write: exportNpz, readLogits: npzLogits },
  caffe: { write: exportCaffe, readLogits: caffeLogits },
  keras: { write: writeKeras, readLogits: kerasLogits },
};
