import { writtenFiles } from '../bundle/bundleFiles.ts';
import type { WrittenBundle } from '../bundle/writtenBundle.ts';
import { requireFinite } from '../finite.ts';
import { frozenWeights, type ExportOptions, type WeightTensor } from '../frozenWeights.ts';
import { METADATA_KEYS } from '../metadata.ts';
import { encodeStoredZip, requireZipSize, type StoredEntry } from '../storedZip.ts';
import type { TrainedModel } from '../trainedModel.ts';
import { encodeUtf8 } from '../utf8.ts';
import { LOAD_SOURCE } from './loadSource.ts';
import { encodeNpy, npyTexts } from './npyWriter.ts';

/** The array of texts with the names of the classes. */
const CLASS_NAMES = 'class_names';

/**
 * A folder for NumPy: the tensors under PyTorch's names in `weights.npz`, the metadata of docs/formats.md as
 * `metadata.json`, and `load.py`, an example. Throws `AppError`: 'run-has-no-weights' without statistics to freeze,
 * 'diverged' when a value is not finite, 'arguments' from 4 GiB on.
 */
export function exportNpz(model: TrainedModel, options: ExportOptions): WrittenBundle {
  const { tensors, metadata } = frozenWeights(model, options);
  refuseTooLarge(tensors);
  const arrays = tensors.map(({ name, shape, data }): StoredEntry => {
    if (data instanceof Float32Array) requireFinite(name, data);
    return { name: `${name}.npy`, bytes: encodeNpy({ shape, data }) };
  });
  const classes = { name: `${CLASS_NAMES}.npy`, bytes: encodeNpy(npyTexts(model.classNames)) };
  const blocks = new Set(tensors.map(({ name }) => name.slice(0, name.indexOf('.'))));
  const files = writtenFiles('npz', {
    'weights.npz': encodeStoredZip([...arrays, classes]),
    'metadata.json': encodeUtf8(metadataJson(metadata)),
    'load.py': encodeUtf8(LOAD_SOURCE),
  });
  return { files, metadata, modules: Object.fromEntries([...blocks].map((id) => [id, id])) };
}

/** Keys whose values are texts; those of all others are JSON. */
const TEXT_KEYS: readonly string[] = [METADATA_KEYS.format, METADATA_KEYS.version, METADATA_KEYS.projectName];

function metadataJson(metadata: Readonly<Record<string, string>>): string {
  const parsed = Object.entries(metadata).map(([key, text]): [string, unknown] => [
    key,
    TEXT_KEYS.includes(key) ? text : JSON.parse(text),
  ]);
  return `${JSON.stringify(Object.fromEntries(parsed), null, 2)}\n`;
}

function refuseTooLarge(tensors: readonly WeightTensor[]): void {
  const bytes = tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
  // A header with its padding takes less than 1 KiB, and the names of classes are short.
  requireZipSize(bytes + 1024 * (tensors.length + 1024));
}
