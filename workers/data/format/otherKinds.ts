import { message, type Message } from '#core/words/message.ts';
/** An image format that is recognized but not supported, so that its files are listed as skipped instead of ignored. */
interface OtherKind {
  /** Name of the format, as the subject of a sentence. */
  readonly name: string | Message;
  /** Lower case, without the dot. */
  readonly extensions: string;
  /** True when the first bytes are those of this format; absent where only the name identifies it. */
  readonly matches?: (head: Uint8Array) => boolean;
  /** True: files of other types begin alike, so the bytes count only where the name also is that of an image. */
  readonly needsName?: true;
  /** True: such a file may hold labels or other numbers, so its name alone does not make a folder an image folder. */
  readonly mayBeData?: true;
}

const OTHER_KINDS: readonly OtherKind[] = [
  { name: 'HEIC', extensions: 'heic heif hif', matches: isHeic },
  { name: 'JPEG XL', extensions: 'jxl', matches: startsWith('\0\0\0\x0cJXL ') },
  { name: 'JPEG 2000', extensions: 'jp2 j2k j2c jpc jpf jpx', matches: isJpeg2000 },
  { name: 'JPEG XR', extensions: 'jxr wdp hdp', matches: startsWith('II\xbc\x01') },
  { name: 'JPEG-LS', extensions: 'jls', matches: startsWith('\xff\xd8\xff\xf7') },
  { name: 'DICOM', extensions: 'dcm dicom ima', matches: (head) => ascii(head, 128, 132) === 'DICM' },
  { name: 'Photoshop (PSD)', extensions: 'psd psb', matches: startsWith('8BPS') },
  { name: 'GIMP (XCF)', extensions: 'xcf', matches: startsWith('gimp xcf') },
  { name: 'OpenEXR', extensions: 'exr', matches: startsWith('\x76\x2f\x31\x01') },
  {
    name: 'Radiance HDR',
    extensions: 'hdr rgbe',
    mayBeData: true,
    matches: startsWith('#?RADIANCE', '#?RGBE'),
  },
  { name: 'FITS', extensions: 'fits fit fts', mayBeData: true, matches: startsWith('SIMPLE  =') },
  { name: 'NumPy (NPY)', extensions: 'npy', mayBeData: true, matches: startsWith('\x93NUMPY') },
  { name: 'NIfTI', extensions: 'nii', mayBeData: true, matches: isNifti },
  { name: 'NRRD', extensions: 'nrrd nhdr', mayBeData: true, matches: startsWith('NRRD000') },
  { name: 'MetaImage', extensions: 'mha mhd', mayBeData: true },
  { name: 'Zeiss CZI', extensions: 'czi', matches: startsWith('ZISRAWFILE') },
  { name: message('images.microscopeData'), extensions: 'lif lsm nd2 oib oif vsi' },
  { name: message('images.wholeSlideData'), extensions: 'svs ndpi mrxs scn bif' },
  { name: 'SVG', extensions: 'svg svgz', matches: startsWith('<svg', '<?xml'), needsName: true },
  { name: 'ICO', extensions: 'ico', matches: startsWith('\0\0\x01\0'), needsName: true },
  { name: 'CUR', extensions: 'cur', matches: startsWith('\0\0\x02\0'), needsName: true },
  { name: 'ICNS', extensions: 'icns', matches: startsWith('icns') },
  { name: 'PAM', extensions: 'pam', matches: startsWith('P7\nWIDTH', 'P7\n#') },
  { name: 'PFM', extensions: 'pfm', matches: startsWith('PF\n', 'Pf\n'), needsName: true },
  { name: 'PCX', extensions: 'pcx' },
  {
    name: 'SGI',
    extensions: 'sgi rgb rgba bw',
    mayBeData: true,
    matches: startsWith('\x01\xda'),
    needsName: true,
  },
  { name: 'Sun raster', extensions: 'ras sun', mayBeData: true, matches: startsWith('\x59\xa6\x6a\x95') },
  { name: 'DDS', extensions: 'dds', matches: startsWith('DDS ') },
  { name: 'QOI', extensions: 'qoi', matches: startsWith('qoif') },
  { name: 'BPG', extensions: 'bpg', matches: startsWith('BPG\xfb') },
  { name: 'farbfeld', extensions: 'ff', mayBeData: true, matches: startsWith('farbfeld') },
  { name: 'XBM', extensions: 'xbm' },
  { name: 'XPM', extensions: 'xpm', matches: startsWith('/* XPM */') },
  { name: 'WBMP', extensions: 'wbmp' },
  { name: message('images.wmfAndEmf'), extensions: 'wmf emf' },
  { name: 'PostScript', extensions: 'eps', mayBeData: true, matches: startsWith('%!PS'), needsName: true },
];

const BY_EXTENSION: ReadonlyMap<string, OtherKind> = new Map(
  OTHER_KINDS.flatMap((kind) => kind.extensions.split(' ').map((extension) => [extension, kind] as const)),
);

/** True for the extension (lower case, without the dot) of an unsupported format that holds only images. */
export function isOtherImageExtension(extension: string): boolean {
  const kind = BY_EXTENSION.get(extension);
  return kind !== undefined && kind.mayBeData !== true;
}

/**
 * Name of the unsupported image format, by the first 512 bytes or else by the extension; null when neither identifies
 * one. With an empty extension, only bytes that are unique to an image format count.
 */
export function otherKindOf(head: Uint8Array, extension: string): string | Message | null {
  const named = BY_EXTENSION.get(extension);
  const seen = OTHER_KINDS.find(
    (kind) => (kind.needsName !== true || kind === named) && kind.matches?.(head) === true,
  );
  return (seen ?? named)?.name ?? null;
}

/** Returns a test for files that begin with one of the strings (Latin-1). */
function startsWith(...beginnings: readonly string[]): (head: Uint8Array) => boolean {
  return (head) => beginnings.some((text) => ascii(head, 0, text.length) === text);
}

function isHeic(head: Uint8Array): boolean {
  return /^ftyp(hei|hev|mif1|msf1)/.test(ascii(head, 4, 12));
}

function isJpeg2000(head: Uint8Array): boolean {
  return startsWith('\0\0\0\x0cjP  ', '\xff\x4f\xff\x51')(head);
}

/** The magic of NIfTI-1 follows its header, that of NIfTI-2 comes first. */
function isNifti(head: Uint8Array): boolean {
  return /^n[+i][12]\0/.test(ascii(head, 344, 348)) || /^n[+i]2\0/.test(ascii(head, 4, 8));
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
