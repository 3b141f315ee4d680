import { writtenFiles } from '#core/export/bundle/bundleFiles.ts';
import type { WrittenBundle } from '#core/export/bundle/writtenBundle.ts';
import type { ExportOptions } from '#core/export/frozenWeights.ts';
import { exportKeras } from '#core/export/keras/exportKeras.ts';
import { MODEL_NAME } from '#core/export/keras/modelConfig.ts';
import { encodeStoredZip, requireZipSize } from '#core/export/storedZip.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { writeHdf5 } from './writeHdf5.ts';

/**
 * A folder for Keras 3: `model.keras`, `model.weights.h5`, and the network as source text. Throws `AppError` as
 * `exportKeras`, and 'arguments' from 4 GiB on.
 */
export async function writeKeras(model: TrainedModel, options: ExportOptions): Promise<WrittenBundle> {
  const { files, archived, groups, metadata, modules } = exportKeras(model, options);
  const weights = await writeHdf5([...groups, { path: '', name: MODEL_NAME, variables: [] }]);
  requireZipSize(weights.length);
  const entries = [...archived, ['model.weights.h5', weights] as const];
  const archive = encodeStoredZip(entries.map(([name, bytes]) => ({ name, bytes })));
  return {
    files: writtenFiles('keras', { 'model.keras': archive, 'model.weights.h5': weights, ...files }),
    metadata,
    modules,
  };
}
