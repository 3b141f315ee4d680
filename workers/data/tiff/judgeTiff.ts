import type { Depth } from '../pixels/depth.ts';
import { RAW_REASON } from '../format/imageFormat.ts';
import { advised } from '../../files/imageReasons.ts';
import { imageSizeProblem } from '../format/limits.ts';
import { message, type Message } from '#core/words/message.ts';
import type { ByteSource } from './byteSource.ts';
import { readDirectory, type TiffDirectory } from './tiffDirectory.ts';
import { layoutOf, PHOTOMETRIC, TAG, type TiffLayout } from './tiffLayout.ts';

/** A TIFF that can be used, by `readTiff` (`isOwn`) or by sharp; or the reason why it cannot. */
type JudgedTiff =
  | { readonly kind: 'tiff'; readonly layout: TiffLayout; readonly isOwn: boolean }
  | { readonly kind: 'bad'; readonly reason: Message };

const PREVIEW_REASON = advised(message('images.tiffPreview'), 'images.toJpegOrPng');
/** None, LZW, Deflate under both of its numbers, PackBits: the methods that `readTiff` decompresses. */
const OWN_COMPRESSIONS: ReadonlySet<number> = new Set([1, 5, 8, 32946, 32773]);
const COMPRESSION_NAMES: Readonly<Record<number, string | Message>> = {
  2: 'CCITT',
  3: 'CCITT G3',
  4: 'CCITT G4',
  6: message('images.oldJpeg'),
  7: 'JPEG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
};
const SHARP_COMPRESSIONS: ReadonlySet<number> = new Set([2, 3, 4, 7, 50001]);
const CHUNK_BYTES_MOST = 2 ** 29;

/**
 * Checks a TIFF by its first directory, without decoding: type, size, and whether all of its pixels lie in the file.
 * `readTiff` reads grey and colour of any depth; sharp (libtiff) reads files that need more: colour profiles, palettes,
 * CMYK, YCbCr, single bits, and the JPEG, CCITT and WebP methods.
 */
export function judgeTiff(source: ByteSource): JudgedTiff {
  const directory = readDirectory(source);
  if (directory === null) return bad(message('images.tiffDirectory'));
  if (isSensor(source, directory)) return bad(RAW_REASON);
  if ((directory.first(TAG.subfileType, 0) & 1) === 1) return bad(PREVIEW_REASON);
  const layout = layoutOf(directory);
  if ('key' in layout) return bad(layout);
  const problem = imageSizeProblem(layout.width, layout.height) ?? chunkProblem(layout, source.size);
  if (problem !== null) return bad(problem);
  const refusal = ownProblem(layout);
  if (refusal === null && !(layout.hasProfile && isPlain(layout)))
    return { kind: 'tiff', layout, isOwn: true };
  return isPlain(layout)
    ? { kind: 'tiff', layout, isOwn: false }
    : bad(refusal ?? message('images.tiffKind'));
}

/** True where `unpack` can check whether the strips and tiles are intact. */
export function canUnpack({ compression }: TiffLayout): boolean {
  return OWN_COMPRESSIONS.has(compression);
}

/** Depth of the samples: bytes, unsigned 16 bits, or numbers without a full scale. */
export function tiffDepth({ bits, type }: TiffLayout): Depth {
  if (type === 'unsigned' && bits <= 8) return 'byte';
  return type === 'unsigned' && bits === 16 ? 'unsigned16' : 'number';
}

/** True for the raw mosaic of a camera sensor instead of an image. */
function isSensor(source: ByteSource, directory: TiffDirectory): boolean {
  return (
    [32803, 34892].includes(directory.first(TAG.photometric, 1)) ||
    source.read(8, 3).toString('latin1') === 'CR\x02'
  );
}

/** What sharp decodes correctly: the bands that the colour space needs, and at most one declared transparency band. */
function isPlain(layout: TiffLayout): boolean {
  const { photometric, type, bits, samples, bands, alpha, unusedBands, compression } = layout;
  const isCommon = OWN_COMPRESSIONS.has(compression) || SHARP_COMPRESSIONS.has(compression);
  const needs = PLAIN_BANDS[photometric];
  const isTiled = layout.chunk.width !== layout.width;
  if (type !== 'unsigned' || !isCommon || unusedBands > 0 || needs === undefined) return false;
  // libvips does not read tiles of single bands.
  if (layout.isPlanar && isTiled) return false;
  if (bands.length !== needs || samples !== needs + (alpha === null ? 0 : 1)) return false;
  const isDeep = bits === 16 && photometric <= PHOTOMETRIC.rgb;
  return isDeep || bits === 8 || (needs === 1 && alpha === null && [1, 2, 4].includes(bits));
}

const PLAIN_BANDS: Readonly<Record<number, number>> = {
  [PHOTOMETRIC.whiteIsZero]: 1,
  [PHOTOMETRIC.blackIsZero]: 1,
  [PHOTOMETRIC.rgb]: 3,
  [PHOTOMETRIC.palette]: 1,
  [PHOTOMETRIC.cmyk]: 4,
  [PHOTOMETRIC.yCbCr]: 3,
};

/** Why `readTiff` does not support it, or null. */
function ownProblem(layout: TiffLayout): Message | null {
  const problem = ownLimit(layout);
  return problem === null ? null : advised(problem, 'images.toJpegOrPng');
}

function ownLimit(layout: TiffLayout): Message | null {
  const { photometric, compression, bits, type, samples, predictor, chunk, isPlanar } = layout;
  if (!OWN_COMPRESSIONS.has(compression)) {
    const method = COMPRESSION_NAMES[compression] ?? message('images.tiffMethod', { number: compression });
    return message('images.tiffPacking', { method });
  }
  if (photometric > PHOTOMETRIC.rgb)
    return message('images.tiffColour', { kind: photometric, bands: samples, bits });
  const widths = type === 'float' ? [32, 64] : [8, 16, 32];
  if (!widths.includes(bits))
    return message(type === 'float' ? 'images.tiffFloatBits' : 'images.tiffBits', { bits });
  if (predictor < 1 || predictor > 3 || (predictor === 3 && type !== 'float'))
    return message('images.tiffPredictor', { predictor });
  const chunkBytes = chunk.width * chunk.height * (bits / 8) * (isPlanar ? 1 : samples);
  return chunkBytes > CHUNK_BYTES_MOST
    ? message('images.tiffPieces', { megabytes: CHUNK_BYTES_MOST / 2 ** 20 })
    : null;
}

/** Why some pixels must be missing, or null. */
function chunkProblem(layout: TiffLayout, size: number): Message | null {
  const { offsets, lengths, chunksAcross, chunksDown, isPlanar, samples, compression, width, height, bits } =
    layout;
  const wanted = chunksAcross * chunksDown * (isPlanar ? samples : 1);
  if (offsets.length < wanted) return message('images.tiffFewChunks', { named: offsets.length, wanted });
  const pixelBytes = (width * height * samples * bits) / 8;
  const least = compression === 1 && wanted === 1 ? pixelBytes : 1;
  const places = offsets.slice(0, wanted);
  const outside = places.filter((at, chunk) => at + (lengths[chunk] ?? least) > size).length;
  if (outside > 0) return message('images.tiffOutside', { outside, wanted });
  const empty = places.filter((at, chunk) => at === 0 || lengths[chunk] === 0).length;
  if (empty > 0) return message('images.tiffEmptyChunks', { empty, wanted });
  const packed =
    lengths.length < wanted ? size : lengths.slice(0, wanted).reduce((sum, length) => sum + length, 0);
  // Checked before any allocation, so that a few bytes cannot request the memory of a large image.
  const isTooShort = packed * (MOST_UNPACKED[compression] ?? Infinity) < pixelBytes;
  return isTooShort ? message('images.tiffShortChunks') : null;
}

/**
 * Maximum number of bytes that one compressed byte can expand to: none, LZW (a code of 12 bits for 4,096 bytes),
 * Deflate, PackBits.
 */
const MOST_UNPACKED: Readonly<Record<number, number>> = { 1: 1, 5: 2731, 8: 1033, 32946: 1033, 32773: 64 };

function bad(reason: Message): JudgedTiff {
  return { kind: 'bad', reason };
}
