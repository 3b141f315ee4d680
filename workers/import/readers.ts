import { readCaffeFile } from '#core/import/caffe/readCaffeFile.ts';
import { readOnnxFile } from '#core/import/onnx/readOnnxFile.ts';
import { modelKind, type ModelKind } from '#core/import/modelKind.ts';
import type { ForeignModel, ForeignNetwork, ForeignWeights, ModelFile } from '#core/import/foreignModel.ts';
import { readNpzFile } from '#core/import/npz/readNpzFile.ts';
import { readSafetensorsFile } from '#core/import/safetensors/readSafetensorsFile.ts';
import { readTorchFile } from '#core/import/torch/readTorchFile.ts';
import { withNormalization, type ByteNormalization } from '#core/import/withPreprocessing.ts';
import { readKerasFile } from './keras.ts';

/** The network of a file with the preparation of images that the file describes. */
type WithPreprocessing = ForeignNetwork & { readonly preprocessing: ByteNormalization | null };

/** A reader throws `AppError`: 'model-invalid' for a broken file, 'model-unsupported' for what no block expresses. */
type Reader = (file: ModelFile) => ReadModel | Promise<ReadModel>;
type ReadModel = ForeignWeights | ForeignNetwork | WithPreprocessing;

/** The readers of model files. */
const READERS: Readonly<Record<ModelKind, Reader>> = {
  pytorch: readTorchFile,
  safetensors: readSafetensorsFile,
  npz: readNpzFile,
  keras: readKerasFile,
  hdf5: readKerasFile,
  onnx: readOnnxFile,
  caffe: readCaffeFile,
};

/** Reads a model file by its first bytes; null for a file that no reader knows. Throws as the readers do. */
export async function readForeign(file: ModelFile): Promise<ForeignModel | null> {
  const kind = modelKind(file);
  if (kind === null) return null;
  const model = await READERS[kind](file);
  if (!('preprocessing' in model) || model.preprocessing === null) return model;
  return { ...model, document: withNormalization(model.document, model.preprocessing) };
}
