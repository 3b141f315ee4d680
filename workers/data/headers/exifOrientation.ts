import { validOrientation } from './imageHeader.ts';

const ORIENTATION_TAG = 0x0112;

/** Reads the orientation (1 to 8) from a TIFF structure, as embedded in EXIF; 1 when absent, undefined or broken. */
export function exifOrientation(tiff: Buffer): number {
  if (tiff.length < 8) return 1;
  const little = tiff[0] === 0x49;
  const read16 = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return 1;
  const entries = read16(directory);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > tiff.length) return 1;
    if (read16(at) === ORIENTATION_TAG) return validOrientation(read16(at + 8));
  }
  return 1;
}
