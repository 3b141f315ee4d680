import { isOtherImageExtension } from './otherKinds.ts';

const READ =
  'jpg jpeg jpe jfif mpo png apng webp gif bmp dib tif tiff avif avifs pbm pgm ppm pnm tga icb vda vst';
const RAW =
  '3fr ari arw bay cap cr2 cr3 crw dcr dng eip erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef ptx raf rw2 rwl sr2 srf srw x3f';
const READ_EXTENSIONS: ReadonlySet<string> = new Set(READ.split(' '));
const RAW_EXTENSIONS: ReadonlySet<string> = new Set(RAW.split(' '));
/** Suffixes that editors, merge tools and downloads append to the names of backups and unfinished files. */
const BACKUP = /(~|\.(bak|backup|orig|old|save|sav|swp|swo|tmp|temp|part|partial|crdownload))$/i;

/**
 * True when the name is that of an image file, of a supported format or not; such a file is reported when it cannot be
 * used. Any other file that is not an image is ignored silently.
 */
export function hasImageExtension(file: string): boolean {
  const extension = extensionOf(file);
  return READ_EXTENSIONS.has(extension) || RAW_EXTENSIONS.has(extension) || isOtherImageExtension(extension);
}

/** True for names of camera raw files: only their small preview could be decoded. */
export function isCameraRawName(file: string): boolean {
  return RAW_EXTENSIONS.has(extensionOf(file));
}

/** The original name of a backup or an unfinished copy (`1.jpg` of `1.jpg~`, `1.jpg.bak`); null for any other file. */
export function originalName(file: string): string | null {
  return BACKUP.test(file) ? file.replace(BACKUP, '') : null;
}

/**
 * The extension: what follows the last dot of the file name, in lower case; empty where there is none. A compressed
 * NIfTI file counts as `nii`.
 */
export function extensionOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  if (name.endsWith('.nii.gz')) return 'nii';
  return dot < 0 ? '' : name.slice(dot + 1);
}
