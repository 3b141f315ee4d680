import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/** A folder of model files as a reader sees it. */
export interface BundleReading {
  /** Names of the files, sorted. */
  readonly names: readonly string[];
  /** The bytes of a file; throws where it is not there. */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** A folder on the disk; each file is read when it is asked for. */
export async function readBundleFolder(folder: string): Promise<BundleReading> {
  const names = (await readdir(folder)).sort();
  return {
    names,
    read: async (name) => {
      const bytes = await readFile(path.join(folder, name));
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
  };
}
