import { createHash } from 'node:crypto';
import { compareNames } from '../walk/compareNames.ts';

/**
 * SHA-256, as hexadecimal digits, of the relative names and sizes of the used images, sorted by name: `name NUL size
 * LF` each. `indices` selects some of the images; all of them when absent. Independent of the order of images, the
 * location of the folder and file times.
 */
export function fingerprint(
  scan: { readonly images: Iterable<{ readonly file: string; readonly sizeBytes: number }> },
  indices?: Uint32Array,
): string {
  const images = indices === undefined ? [...scan.images] : [...scan.images].filter(isAmong(indices));
  const digest = createHash('sha256');
  for (const image of images.sort((a, b) => compareNames(a.file, b.file))) {
    digest.update(`${image.file}\0${image.sizeBytes}\n`);
  }
  return digest.digest('hex');
}

function isAmong(indices: Uint32Array): (image: unknown, index: number) => boolean {
  const wanted = new Set(indices);
  return (_, index) => wanted.has(index);
}
