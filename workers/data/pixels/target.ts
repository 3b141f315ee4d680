import { InvariantError } from '#core/diagnostics/invariantError.ts';
import type { ValueRanges } from '#core/document/preprocessing.ts';
import type { ResizePolicy } from '#core/document/dataSettings.ts';

/** The format of every decoded image: `[height, width, channels]` bytes. */
export interface DecodeTarget {
  readonly height: number;
  readonly width: number;
  /** 1: grey by ITU-R 601 luma; 3: sRGB. */
  readonly channels: number;
  readonly resize: ResizePolicy;
  /** With `crop`: the part of the resized image's side that is kept; absent: 0.875. */
  readonly cropFraction?: number | undefined;
  /** The value ranges that map samples of more than 8 bits to 0 to 255. */
  readonly ranges?: ValueRanges | undefined;
}

/** Bytes of one decoded image. Throws `InvariantError` on an invalid target. */
export function targetBytes(target: DecodeTarget): number {
  const { height, width, channels } = target;
  if (channels !== 1 && channels !== 3) throw new InvariantError(`decoding to ${channels} channels`);
  if (!(height >= 1 && width >= 1)) throw new InvariantError(`decoding to ${height} x ${width}`);
  return height * width * channels;
}
