import type { H5Group } from '#core/import/keras/h5Group.ts';
import { readTree } from './readTree.ts';
import { tryHdf5 } from './tryHdf5.ts';

/**
 * The groups, texts and tensors of an HDF5 file, as `readTree` gives them, after a thread has read the whole file once:
 * libhdf5 can run for ever on a damaged file, and a thread can be ended. Throws `AppError('model-invalid')`.
 */
export async function readHdf5(bytes: Uint8Array<ArrayBuffer>, fileName: string): Promise<H5Group> {
  await tryHdf5(bytes, fileName);
  return readTree(bytes, fileName);
}
