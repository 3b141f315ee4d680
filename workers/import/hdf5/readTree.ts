import { ELEMENT_BYTES } from '#core/import/elements.ts';
import { brokenFile, namingFile, unsupportedFile } from '#core/import/fileFault.ts';
import type { ForeignTensor } from '#core/import/foreignModel.ts';
import type { H5Group } from '#core/import/keras/h5Group.ts';
import { shorten } from '#core/document/brief.ts';
import { elementCount } from '#core/program/shape.ts';
import { message } from '#core/words/message.ts';
import { elementType, type DatasetMetadata } from './elements.ts';
import { hdf5Library, type Hdf5Library } from './library.ts';
import { HDF5_LIMITS } from './limits.ts';
import { withFile, type OpenFile } from './openFile.ts';
import { readTensor } from './readTensor.ts';
import { readTexts } from './readTexts.ts';

/** What is left of the limits while a file is walked through. */
interface Budget {
  objects: number;
  /** Bytes that all tensors may have together: plain ones, and those that are stored in chunks. */
  plainBytes: number;
  chunkedBytes: number;
}

interface Walk {
  readonly library: Hdf5Library;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fileName: string;
  readonly file: OpenFile;
  readonly budget: Budget;
  readonly onStep: () => void;
}

/**
 * The groups, texts and tensors of an HDF5 file. Tensors are decoded when they are read: the file is opened again for
 * each. `onStep` is called for each group. Throws `AppError('model-invalid')`, now or when a tensor is read, for a
 * broken file, for one whose links lead round in circles or elsewhere, and for tensors that are larger than the file
 * justifies.
 */
export async function readTree(
  bytes: Uint8Array<ArrayBuffer>,
  fileName: string,
  onStep: () => void = () => undefined,
): Promise<H5Group> {
  const library = await hdf5Library();
  return namingFile(fileName, () => {
    if (bytes.length > HDF5_LIMITS.bytes) throw brokenFile(message('kerasFiles.hdf5Broken'));
    const budget = {
      objects: HDF5_LIMITS.objects,
      plainBytes: bytes.length,
      chunkedBytes: bytes.length * HDF5_LIMITS.ratio,
    };
    return withFile(library, bytes, (file) =>
      readGroup({ library, bytes, fileName, file, budget, onStep }, '', 0),
    );
  });
}

function readGroup(walk: Walk, path: string, depth: number): H5Group {
  const { module, id } = walk.file;
  walk.onStep();
  if (depth > HDF5_LIMITS.depth)
    throw brokenFile(message('kerasFiles.hdf5Deep', { most: HDF5_LIMITS.depth }));
  const names = module.get_names(id, `/${path}`, false);
  walk.budget.objects -= names.length;
  if (walk.budget.objects < 0)
    throw brokenFile(message('kerasFiles.hdf5Objects', { most: HDF5_LIMITS.objects }));
  const groups = new Map<string, H5Group>();
  const tensors = new Map<string, ForeignTensor>();
  for (const name of names) {
    const below = childPath(walk.file, path, name);
    const kind = module.get_type(id, `/${below}`);
    if (kind === module.H5G_GROUP) groups.set(name, readGroup(walk, below, depth + 1));
    else if (kind === module.H5G_DATASET) tensors.set(name, describeTensor(walk, below));
    else if (kind !== module.H5G_TYPE) throw brokenFile(message('kerasFiles.hdf5Broken'));
  }
  return { path, texts: readTexts(walk.file, `/${path}`), groups, tensors };
}

/** The path of an entry; refuses names that mean another place, and links to one. */
function childPath({ module, id }: OpenFile, path: string, name: string): string {
  if (name === '' || name === '.' || name.includes('/'))
    throw brokenFile(message('kerasFiles.hdf5Name', { name: JSON.stringify(shorten(name)) }));
  const below = path === '' ? name : `${path}/${name}`;
  const isSoft = module.get_symbolic_link(id, `/${below}`) !== null;
  if (isSoft || 'filename' in module.get_external_link(id, `/${below}`))
    throw brokenFile(message('kerasFiles.hdf5Link', { path: shorten(below, 200) }));
  return below;
}

function describeTensor(walk: Walk, path: string): ForeignTensor {
  const { library, bytes, fileName, file, budget } = walk;
  const at = `/${path}`;
  const metadata = file.module.get_dataset_metadata(file.id, at);
  const said = readTexts(file, at).get('dtype');
  const type = elementType(file, metadata, typeof said === 'string' ? said : null);
  const dims = metadata.shape;
  if (metadata.virtual_sources !== undefined || dims === null || dims.length > HDF5_LIMITS.rank)
    throw unsupportedFile(message('kerasFiles.hdf5Tensor', { path: shorten(path, 200) }));
  const tensor = { name: path, dims, dtype: type ?? 'u8' } as const;
  if (type === null) return { ...tensor, read: () => namingFile(fileName, () => refuseType(path)) };
  spend(budget, metadata, ELEMENT_BYTES[type], path);
  const read = (opened: OpenFile): Float32Array<ArrayBuffer> => readTensor(opened, at, dims, type);
  return { ...tensor, read: () => namingFile(fileName, () => withFile(library, bytes, read)) };
}

/** Texts and compounds are no weights: they are listed, and refused when something wants to read them. */
function refuseType(path: string): never {
  throw unsupportedFile(message('kerasFiles.hdf5Type', { path: shorten(path, 200) }));
}

/** A chunk is decompressed as a whole, so that it counts in full. */
function spend(budget: Budget, metadata: DatasetMetadata, elementBytes: number, path: string): void {
  const elements = Math.max(elementCount(metadata.shape ?? []), elementCount(metadata.chunks ?? []));
  const bytes = elements * elementBytes;
  if (metadata.chunks === null) budget.plainBytes -= bytes;
  else budget.chunkedBytes -= bytes;
  if (budget.plainBytes >= 0 && budget.chunkedBytes >= 0 && Number.isSafeInteger(bytes)) return;
  throw brokenFile(message('kerasFiles.hdf5TooLarge', { path: shorten(path, 200), bytes }));
}
