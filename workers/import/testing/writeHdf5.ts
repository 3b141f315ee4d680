import { File, FS, ready, type Group } from 'h5wasm';
import { must } from '#core/diagnostics/invariantError.ts';

let files = 0;

/** The bytes of an HDF5 file whose root `fill` fills; written by h5wasm itself, for tests. */
export async function writeHdf5(fill: (root: Group) => void): Promise<Uint8Array<ArrayBuffer>> {
  await ready;
  files += 1;
  const path = `/written${files}.h5`;
  const file = new File(path, 'w');
  fill(file);
  file.close();
  const system = must(FS, 'the file system of h5wasm');
  const bytes: unknown = system.readFile(path);
  system.unlink(path);
  if (!(bytes instanceof Uint8Array)) throw new TypeError('no bytes');
  return new Uint8Array(bytes);
}
