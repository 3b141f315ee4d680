import type { ByteImage } from '../pixels/byteImage.ts';
import type { ToByte } from '../pixels/depth.ts';
import { UnreadableImage } from '../format/unreadableImage.ts';
import { message } from '#core/words/message.ts';
import { samplesOf, type Samples } from './sampleChunk.ts';
import { PHOTOMETRIC, type TiffLayout } from './tiffLayout.ts';
import { unpack } from './unpack.ts';

/** One band of one strip or tile: `samples[offset + y * rowStep + x * step]` is the pixel at (`x0` + x, `y0` + y). */
interface BandPiece {
  readonly samples: Samples;
  readonly band: number;
  readonly offset: number;
  readonly step: number;
  readonly rowStep: number;
  readonly x0: number;
  readonly y0: number;
  /** Without the part of a tile beyond the image. */
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes grey or three bands of a TIFF that `judgeTiff` assigned to this reader, as stored: transparency over black,
 * other bands ignored. `toByte` converts samples to bytes. One strip or tile is in memory at a time. Throws
 * `UnreadableImage`.
 */
export function readTiff(bytes: Buffer, layout: TiffLayout, toByte: ToByte): ByteImage {
  const { width, height, bands, alpha, photometric } = layout;
  const channels = bands.length === 3 ? 3 : 1;
  const data = Buffer.alloc(width * height * channels);
  const convert = byteConverter(
    layout,
    photometric === PHOTOMETRIC.whiteIsZero ? (value) => 255 - toByte(value) : toByte,
  );
  if (isVerbatim(layout)) return { data: copyRows(bytes, layout, data), width, height, channels };
  for (const piece of piecesOf(bytes, layout, bands)) {
    const channel = bands.indexOf(piece.band);
    forEachPixel(piece, (value, x, y) => (data[(y * width + x) * channels + channel] = convert(value)));
  }
  if (alpha !== null && !alpha.isPremultiplied)
    layOverBlack(bytes, layout, { data, width, height, channels });
  return { data, width, height, channels };
}

/** True where the samples are the bytes of the image, in the same order. */
function isVerbatim({ type, bits, isPlanar, samples, bands, photometric }: TiffLayout): boolean {
  const isByte = type === 'unsigned' && bits === 8 && photometric !== PHOTOMETRIC.whiteIsZero;
  return isByte && samples === bands.length && (samples === 1 || !isPlanar);
}

function copyRows(bytes: Buffer, layout: TiffLayout, into: Buffer): Buffer {
  const { width, samples: perPixel, bands } = layout;
  for (const { samples, x0, y0, width: across, height, rowStep } of piecesOf(
    bytes,
    layout,
    bands.slice(0, 1),
  )) {
    for (let y = 0; y < height; y++) {
      const row = samples.subarray(y * rowStep, y * rowStep + across * perPixel);
      into.set(row, ((y0 + y) * width + x0) * perPixel);
    }
  }
  return into;
}

/** Calls back with every sample of the bands that form the image. Throws `UnreadableImage`. */
export function forEachSample(bytes: Buffer, layout: TiffLayout, take: (value: number) => void): void {
  for (const piece of piecesOf(bytes, layout, layout.bands)) forEachPixel(piece, take);
}

function* piecesOf(bytes: Buffer, layout: TiffLayout, bands: readonly number[]): Generator<BandPiece> {
  const { chunk, chunksAcross, chunksDown, isPlanar, samples: perPixel } = layout;
  const count = chunksAcross * chunksDown;
  for (let at = 0; at < count; at++) {
    const x0 = (at % chunksAcross) * chunk.width;
    const y0 = Math.floor(at / chunksAcross) * chunk.height;
    const width = Math.min(chunk.width, layout.width - x0);
    const height = Math.min(chunk.height, layout.height - y0);
    const step = isPlanar ? 1 : perPixel;
    const place = { step, rowStep: chunk.width * step, x0, y0, width, height };
    const shared = isPlanar ? null : readChunk(bytes, layout, at, height);
    for (const band of bands) {
      const samples = shared ?? readChunk(bytes, layout, band * count + at, height);
      yield { ...place, samples, band, offset: isPlanar ? 0 : band };
    }
  }
}

/** The last strip holds only the remaining rows; a tile is always complete. */
function readChunk(bytes: Buffer, layout: TiffLayout, index: number, rowsLeft: number): Samples {
  const { chunk, isPlanar, samples, width } = layout;
  const rows = chunk.width === width ? rowsLeft : chunk.height;
  const unpacked = unpackChunk(bytes, layout, index, rows);
  return samplesOf(unpacked, layout, { width: chunk.width, step: isPlanar ? 1 : samples });
}

/** The compressed bytes of a strip or tile; up to the end of the file where its length is not declared. */
export function chunkBytes(bytes: Buffer, { offsets, lengths }: TiffLayout, index: number): Buffer {
  const from = offsets[index] ?? 0;
  return bytes.subarray(from, from + (lengths[index] ?? bytes.length - from));
}

/** Decompresses this many rows of a strip or tile. Throws `UnreadableImage` where it is damaged. */
export function unpackChunk(bytes: Buffer, layout: TiffLayout, index: number, rows: number): Buffer {
  const { chunk, bits, compression, isPlanar, samples } = layout;
  const wanted = Math.ceil((chunk.width * bits * (isPlanar ? 1 : samples)) / 8) * rows;
  try {
    return unpack(chunkBytes(bytes, layout, index), compression, wanted);
  } catch (thrown) {
    throw damagedChunk(index, thrown);
  }
}

export function damagedChunk(index: number, cause: unknown): UnreadableImage {
  const [detail = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new UnreadableImage(message('images.tiffChunk', { number: index + 1, detail }), cause);
}

function forEachPixel(piece: BandPiece, take: (value: number, x: number, y: number) => void): void {
  const { samples, offset, step, rowStep, x0, y0, width, height } = piece;
  for (let y = 0; y < height; y++) {
    let at = offset + y * rowStep;
    for (let x = 0; x < width; x++, at += step) take(samples[at] ?? 0, x0 + x, y0 + y);
  }
}

function layOverBlack(bytes: Buffer, layout: TiffLayout, { data, width, channels }: ByteImage): void {
  const full = layout.type === 'float' ? 1 : 2 ** (layout.bits - (layout.type === 'signed' ? 1 : 0)) - 1;
  for (const piece of piecesOf(bytes, layout, [layout.alpha?.band ?? 0])) {
    forEachPixel(piece, (value, x, y) => {
      const share = Math.min(1, Math.max(0, value / full));
      const at = (y * width + x) * channels;
      for (let channel = 0; channel < channels; channel++)
        data[at + channel] = Math.floor((data[at + channel] ?? 0) * share);
    });
  }
}

/** Maps integers of up to 16 bits through a lookup table. */
function byteConverter({ type, bits }: TiffLayout, toByte: ToByte): ToByte {
  if (type !== 'unsigned' || bits > 16) return toByte;
  const known = Uint8Array.from({ length: 2 ** bits }, (_, value) => toByte(value));
  return (value) => known[value] ?? 0;
}
