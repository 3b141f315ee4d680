import { isOtherImageExtension } from './otherKinds.ts';

const READ =
  'jpg jpeg jpe jfif mpo png apng webp gif bmp dib tif tiff avif avifs pbm pgm ppm pnm tga icb vda vst';
const RAW =
  '3fr ari arw bay cap cr2 cr3 crw dcr dng eip erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef ptx raf rw2 rwl sr2 srf srw x3f';
const READ_EXTENSIONS: ReadonlySet<string> = new Set(READ.split(' '));
const RAW_EXTENSIONS: ReadonlySet<string> = new Set(RAW.split(' '));
/** What editors, merges and downloads put behind the name of a file that they keep a copy of, or have not finished. */
const BACKUP = /(~|\.(bak|backup|orig|old|save|sav|swp|swo|tmp|temp|part|partial|crdownload))$/i;

/**
 * True when the name promises an image, of a kind that is read or not; such a file is reported when it cannot be used.
 * Any other that is no image is passed over in silence.
 */
export function hasImageExtension(file: string): boolean {
  const extension = extensionOf(file);
  return READ_EXTENSIONS.has(extension) || RAW_EXTENSIONS.has(extension) || isOtherImageExtension(extension);
}

/** True for names of camera raw files: what decodes of one is only its small preview. */
export function isCameraRawName(file: string): boolean {
  return RAW_EXTENSIONS.has(extensionOf(file));
}

/**
 * The name that a backup or an unfinished copy stands for (`1.jpg` of `1.jpg~`, `1.jpg.bak`); null for any other file.
 */
export function originalName(file: string): string | null {
  return BACKUP.test(file) ? file.replace(BACKUP, '') : null;
}

/** Behind the last dot of the last name, lower case; empty where there is none. A packed NIfTI file counts as `nii`. */
export function extensionOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  if (name.endsWith('.nii.gz')) return 'nii';
  return dot < 0 ? '' : name.slice(dot + 1);
}
