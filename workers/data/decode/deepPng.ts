import type { ByteImage } from '../pixels/byteImage.ts';
import type { ToByte } from '../pixels/depth.ts';
import { openImage } from './sharpSetup.ts';
import { decodeProblem, UnreadableImage } from '../format/unreadableImage.ts';

/** Samples of a 16-bit PNG, upright, transparency over black: `[height, width, channels]`, 0 to 65,535. */
interface DeepPixels {
  readonly samples: Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Decodes a 16-bit PNG at full depth. Throws `UnreadableImage`. */
export async function readDeepPng(bytes: Buffer, isGrey: boolean): Promise<DeepPixels> {
  try {
    const { data, info } = await openImage({ bytes }, 'error', isGrey ? 'grey16' : 'rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const own = data.byteOffset % 2 === 0 ? data : Buffer.from(new Uint8Array(data).buffer);
    const samples = new Uint16Array(own.buffer, own.byteOffset, own.length / 2);
    return { samples, width: info.width, height: info.height, channels: info.channels === 1 ? 1 : 3 };
  } catch (thrown) {
    throw new UnreadableImage(decodeProblem(thrown), thrown);
  }
}

/** The image converted to bytes. */
export function deepToBytes({ samples, ...size }: DeepPixels, toByte: ToByte): ByteImage {
  const known = Uint8Array.from({ length: 65_536 }, (_, value) => toByte(value));
  return { ...size, data: Buffer.from(samples.map((value) => known[value] ?? 0)) };
}
