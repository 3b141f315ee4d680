import type { TiffDirectory } from './tiffDirectory.ts';
import { message, type Message } from '#core/words/message.ts';
import { advised } from '../../files/imageReasons.ts';

/** Number format of a sample. */
type SampleType = 'unsigned' | 'signed' | 'float';

/** The layout of a TIFF's samples in its file. */
export interface TiffLayout {
  readonly isLittleEndian: boolean;
  /** As stored, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly photometric: number;
  readonly compression: number;
  readonly predictor: number;
  /** Bits of each sample; the same for all. */
  readonly bits: number;
  readonly type: SampleType;
  /** Samples per pixel, all bands. */
  readonly samples: number;
  /** Indices of the bands that become the image: one or three. */
  readonly bands: readonly number[];
  /** Index of the transparency band, where one is declared. */
  readonly alpha: { readonly band: number; readonly isPremultiplied: boolean } | null;
  /** Bands that are neither colour nor transparency; they are not used. */
  readonly unusedBands: number;
  /** True: bands are stored one after another, not interleaved. */
  readonly isPlanar: boolean;
  /** Size of a tile; for a strip, the image's width and the rows of a strip. */
  readonly chunk: { readonly width: number; readonly height: number };
  readonly chunksAcross: number;
  readonly chunksDown: number;
  /** True: an ICC profile defines the colours. */
  readonly hasProfile: boolean;
  /** Tables shared by all JPEG strips or tiles; empty where there are none. */
  readonly jpegTables: readonly number[];
  /** Offset and length of each chunk; lengths are empty where the file does not declare them. */
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

export const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripLengths: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileLengths: 325,
  palette: 320,
  jpegTables: 347,
  profile: 34675,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

export const PHOTOMETRIC = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  cmyk: 5,
  yCbCr: 6,
  cieLab: 8,
} as const;
const TYPES: Readonly<Record<number, SampleType>> = { 1: 'unsigned', 2: 'signed', 3: 'float', 4: 'unsigned' };

/**
 * Derives the layout from a directory; returns the reason where the TIFF cannot be read or is not supported. Sizes are
 * not checked.
 */
export function layoutOf(directory: TiffDirectory): TiffLayout | Message {
  const width = directory.first(TAG.width, 0);
  const height = directory.first(TAG.height, 0);
  if (width < 1 || height < 1) return message('images.noPixels', { width, height });
  const samples = directory.first(TAG.samples, 1);
  const bits = directory.all(TAG.bits);
  const photometric = directory.first(
    TAG.photometric,
    samples >= 3 ? PHOTOMETRIC.rgb : PHOTOMETRIC.blackIsZero,
  );
  const formats = directory.all(TAG.sampleFormat);
  const type = TYPES[formats[0] ?? 1];
  if (samples < 1 || bits.some((each) => each !== bits[0]) || formats.some((each) => each !== formats[0]))
    return advised(message('images.tiffMixedBands'), 'images.toJpegOrPng');
  if (type === undefined) return advised(message('images.tiffComplex'), 'images.toJpegOrPng');
  const bands = bandsOf(directory, photometric, samples);
  if ('key' in bands) return bands;
  if (photometric === PHOTOMETRIC.palette && directory.all(TAG.palette).length < 3 * 2 ** (bits[0] ?? 1))
    return message('images.tiffNoPalette');
  const chunks = chunksOf(directory, width, height);
  if (chunks === null) return message('images.tiffNoPlaces');
  return {
    isLittleEndian: directory.isLittleEndian,
    width,
    height,
    orientation: directory.first(TAG.orientation, 1),
    photometric,
    compression: directory.first(TAG.compression, 1),
    predictor: directory.first(TAG.predictor, 1),
    bits: bits[0] ?? 1,
    type,
    samples,
    ...bands,
    isPlanar: directory.first(TAG.planar, 1) === 2 && samples > 1,
    hasProfile: directory.all(TAG.profile).length > 0,
    jpegTables: directory.all(TAG.jpegTables),
    ...chunks,
  };
}

/**
 * The bands that are grey or colour. An extra band counts as transparency only where the file declares it;
 * "unspecified" ones are data. Three bands without a declared meaning are taken as red, green and blue.
 */
function bandsOf(
  directory: TiffDirectory,
  photometric: number,
  samples: number,
): Pick<TiffLayout, 'bands' | 'alpha' | 'unusedBands'> | Message {
  const extras = directory.all(TAG.extraSamples);
  const at = extras.findIndex((kind) => kind === 1 || kind === 2);
  const alphaBand = samples - extras.length + at;
  const hasAlpha = at >= 0 && alphaBand > 0 && alphaBand < samples;
  const alpha = hasAlpha ? { band: alphaBand, isPremultiplied: extras[at] === 1 } : null;
  const others = Array.from({ length: Math.min(samples, 64) }, (_, band) => band).filter(
    (band) => band !== alpha?.band,
  );
  const count = samples - (hasAlpha ? 1 : 0);
  const isGrey = photometric === PHOTOMETRIC.whiteIsZero || photometric === PHOTOMETRIC.blackIsZero;
  if (isGrey && count > 3)
    return advised(message('images.tiffManyBands', { bands: count }), 'images.saveBands');
  const wanted = isGrey ? (count === 3 ? 3 : 1) : (COLOURS[photometric] ?? 3);
  if (count < wanted) return message('images.tiffFewBands', { bands: count, wanted });
  return { bands: others.slice(0, wanted), alpha, unusedBands: count - wanted };
}

/** Number of bands of a colour space, other than three. */
const COLOURS: Readonly<Record<number, number>> = {
  [PHOTOMETRIC.palette]: 1,
  [PHOTOMETRIC.cmyk]: 4,
  4: 1,
  32803: 1,
};

function chunksOf(
  directory: TiffDirectory,
  width: number,
  height: number,
): Pick<TiffLayout, 'chunk' | 'chunksAcross' | 'chunksDown' | 'offsets' | 'lengths'> | null {
  const isTiled = directory.all(TAG.tileWidth).length > 0;
  const rows = Math.min(height, directory.first(TAG.rowsPerStrip, height));
  const chunk = isTiled
    ? { width: directory.first(TAG.tileWidth, 0), height: directory.first(TAG.tileHeight, 0) }
    : { width, height: rows };
  const offsets = directory.all(
    isTiled && directory.all(TAG.tileOffsets).length > 0 ? TAG.tileOffsets : TAG.stripOffsets,
  );
  const lengths = directory.all(
    isTiled && directory.all(TAG.tileLengths).length > 0 ? TAG.tileLengths : TAG.stripLengths,
  );
  if (chunk.width < 1 || chunk.height < 1) return null;
  return {
    chunk,
    chunksAcross: Math.ceil(width / chunk.width),
    chunksDown: Math.ceil(height / chunk.height),
    offsets,
    lengths,
  };
}
