import { brokenFile, FileFault } from '#core/import/fileFault.ts';
import { message } from '#core/words/message.ts';
import { noteException, type H5Module, type Hdf5Library } from './library.ts';

/** A file that libhdf5 has opened. */
export interface OpenFile {
  readonly module: H5Module;
  readonly id: bigint;
  /** Bytes of the file. */
  readonly size: number;
}

let files = 0;

/**
 * Opens the bytes as a read-only file in the library's own file system, without a copy, calls `use`, and closes and
 * removes the file. Whatever libhdf5 throws becomes a fault for a broken file.
 */
export function withFile<T>(
  library: Hdf5Library,
  bytes: Uint8Array<ArrayBuffer>,
  use: (file: OpenFile) => T,
): T {
  const { module } = library;
  // Each file has a name of its own: libhdf5 shares what it holds of files with the same name.
  files += 1;
  const path = `/model${files}.h5`;
  library.complaints.length = 0;
  try {
    module.FS.createDataFile('/', path.slice(1), bytes, true, false, true);
    const id = module.open(path, module.H5F_ACC_RDONLY, false, -1, -1);
    if (id < 0n) throw brokenFile(message('kerasFiles.hdf5Broken'));
    try {
      return use({ module, id, size: bytes.length });
    } finally {
      module.close_file(id);
    }
  } catch (thrown) {
    if (thrown instanceof FileFault) throw thrown;
    noteException(library, thrown);
    throw brokenFile(message('kerasFiles.hdf5Broken'), causeOf(thrown, library.complaints));
  } finally {
    removeFile(library, path);
  }
}

function causeOf(thrown: unknown, complaints: readonly string[]): Error {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new Error([text, ...complaints].join('\n'));
}

function removeFile(library: Hdf5Library, path: string): void {
  try {
    library.module.FS.unlink(path);
  } catch (thrown) {
    noteException(library, thrown);
    library.isSpent = true;
  }
}
