/** Pixels of a decoded image, `[height, width, channels]`, top row first. */
export interface ByteImage {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}
