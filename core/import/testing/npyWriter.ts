import { ascii, bytesOf, concat, little } from './bytes.ts';

/** A `.npy` file with this header text, filled up with spaces to a multiple of 64 as NumPy does. */
export function npy(
  header: string,
  data: ArrayBufferView<ArrayBuffer>,
  version: 1 | 2 | 3 = 1,
): Uint8Array<ArrayBuffer> {
  const before = version === 1 ? 10 : 12;
  const text = ascii(`${header.padEnd(Math.ceil((before + header.length + 1) / 64) * 64 - before - 1)}\n`);
  const length = little(text.length, version === 1 ? 2 : 4);
  return concat([ascii('\x93NUMPY'), [version, 0], length, text, bytesOf(data)]);
}

/** The header that NumPy writes. */
export function npyHeader(descr: string, shape: readonly number[], fortran = false): string {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  return `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${dims}), }`;
}
