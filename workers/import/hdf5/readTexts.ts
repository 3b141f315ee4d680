import { brokenFile } from '#core/import/fileFault.ts';
import type { H5Texts } from '#core/import/keras/h5Group.ts';
import { message } from '#core/words/message.ts';
import { HDF5_LIMITS } from './limits.ts';
import type { OpenFile } from './openFile.ts';

type AttributeMetadata = ReturnType<OpenFile['module']['get_attribute_metadata']>;

/** All attributes of the object at `path` that hold texts: one string, or a list. */
export function readTexts(file: OpenFile, path: string): ReadonlyMap<string, H5Texts> {
  const names = file.module.get_attribute_names(file.id, path);
  if (names.length > HDF5_LIMITS.attributes) throw brokenFile(message('kerasFiles.hdf5Broken'));
  const texts = new Map<string, H5Texts>();
  for (const name of names) {
    const metadata = file.module.get_attribute_metadata(file.id, path, name);
    const isText = metadata.type === file.module.H5T_class_t.H5T_STRING.value;
    if (isText && metadata.shape !== null) texts.set(name, readText(file, path, name, metadata));
  }
  return texts;
}

function readText(file: OpenFile, path: string, name: string, metadata: AttributeMetadata): H5Texts {
  const { module, id, size } = file;
  const count = metadata.total_size;
  const bytes = count * metadata.size;
  if (count > HDF5_LIMITS.texts || bytes > size) throw brokenFile(message('kerasFiles.hdf5Broken'));
  if (count === 0) return [];
  const at = module._malloc(bytes);
  if (at === 0) throw brokenFile(message('kerasFiles.hdf5Broken'));
  try {
    if (module.get_attribute_data(id, path, name, BigInt(at)) < 0)
      throw brokenFile(message('kerasFiles.hdf5Broken'));
    const read = metadata.vlen ? pointedTexts : fixedTexts;
    const texts = read(module.HEAPU8, at, count, metadata.size);
    if (metadata.vlen) module.reclaim_vlen_memory(id, path, name, BigInt(at));
    return metadata.shape?.length === 0 ? (texts[0] ?? '') : texts;
  } finally {
    module._free(at);
  }
}

/** Texts of a fixed number of bytes each, padded with zeros or spaces. */
function fixedTexts(heap: Uint8Array, at: number, count: number, size: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const start = at + index * size;
    const end = heap.indexOf(0, start);
    return decode(heap, start, end < 0 ? start + size : Math.min(end, start + size)).trimEnd();
  });
}

/** Texts of any length: pointers of 32 bits to bytes that end with a zero. A null pointer is an empty text. */
function pointedTexts(heap: Uint8Array, at: number, count: number): string[] {
  const pointers = new DataView(heap.buffer, heap.byteOffset + at, count * 4);
  return Array.from({ length: count }, (_, index) => {
    const start = pointers.getUint32(index * 4, true);
    if (start === 0) return '';
    const end = heap.indexOf(0, start);
    return decode(heap, start, end < 0 ? heap.length : end);
  });
}

function decode(heap: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(heap.slice(start, end));
}
