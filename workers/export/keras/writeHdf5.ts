import { File, FS, ready, type Group } from 'h5wasm';
import type { WeightGroup } from '#core/export/keras/weightGroups.ts';
import { must } from '#core/diagnostics/invariantError.ts';

let files = 0;

/**
 * The bytes of a `.weights.h5` file as Keras 3 writes it: for each layer a group `vars` with its name as an attribute
 * and its variables `0`, `1`, … in float32. The file is made in the library's own file system in memory.
 */
export async function writeHdf5(groups: readonly WeightGroup[]): Promise<Uint8Array<ArrayBuffer>> {
  await ready;
  const system = must(FS, 'the file system of h5wasm');
  files += 1;
  const path = `/written${String(files)}.h5`;
  const file = new File(path, 'w');
  try {
    try {
      file.create_group('layers');
      for (const group of groups) writeGroup(file, group);
    } finally {
      file.close();
    }
    return new Uint8Array(system.readFile(path));
  } finally {
    system.unlink(path);
  }
}

function writeGroup(file: File, { path, name, variables }: WeightGroup): void {
  const holder: Group = path === '' ? file : file.create_group(path);
  const own = holder.create_group('vars');
  own.create_attribute('name', name);
  variables.forEach(({ dims, data }, index) => {
    own.create_dataset({ name: String(index), data, shape: [...dims], dtype: '<f4' });
  });
}
