import { modelKind, type ModelKind } from '#core/import/modelKind.ts';
import type { ForeignModel, ModelFile } from '#core/import/foreignModel.ts';
import { readNpzFile } from '#core/import/npz/readNpzFile.ts';
import { readSafetensorsFile } from '#core/import/safetensors/readSafetensorsFile.ts';
import { readTorchFile } from '#core/import/torch/readTorchFile.ts';

/** A reader throws `AppError`: 'model-invalid' for a broken file, 'model-unsupported' for what no block expresses. */
type Reader = (file: ModelFile) => ForeignModel | Promise<ForeignModel>;

/** The readers of model files. */
const READERS: Partial<Readonly<Record<ModelKind, Reader>>> = {
  pytorch: readTorchFile,
  safetensors: readSafetensorsFile,
  npz: readNpzFile,
};

/** The reader of a file, by its first bytes; null for a file that no reader knows. */
export function readerOf(file: ModelFile): Reader | null {
  const kind = modelKind(file);
  return kind === null ? null : (READERS[kind] ?? null);
}
