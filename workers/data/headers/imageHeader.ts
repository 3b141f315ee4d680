import type { Depth } from '../pixels/depth.ts';
import type { Message } from '#core/words/message.ts';

/** What a scan reads from an image without decoding it. */
export interface ImageHeader {
  /** As stored, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for colour; transparency does not count. */
  readonly channels: 1 | 3;
  /** EXIF orientation, 1 to 8; 1 when there is none or an undefined one. */
  readonly orientation: number;
  readonly depth: Depth;
}

/** A header, a reason why there is none, or `more` when the answer lies beyond the given bytes. */
export type HeaderResult =
  | {
      readonly kind: 'header';
      readonly header: ImageHeader;
      /** Offset of the frame header of a JPEG; the end marker comes after it. */
      readonly frameAt?: number;
      /** Minimum size of a complete file in bytes, where the header determines it. */
      readonly leastBytes?: number;
      /** Number of bands besides grey, colour and transparency, which are not used. */
      readonly unusedBands?: number;
    }
  | { readonly kind: 'bad'; readonly reason: Message }
  | { readonly kind: 'more' };

export const bad = (reason: Message): HeaderResult => ({ kind: 'bad', reason });

/** EXIF values other than 1 to 8 mean "as stored". */
export function validOrientation(value: number): number {
  return Number.isInteger(value) && value >= 1 && value <= 8 ? value : 1;
}

/** Width and height of the image as displayed. */
export function uprightSize(header: ImageHeader): { width: number; height: number } {
  const turned = header.orientation >= 5;
  return turned
    ? { width: header.height, height: header.width }
    : { width: header.width, height: header.height };
}
