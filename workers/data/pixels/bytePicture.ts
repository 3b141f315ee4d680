/** Pixels of a decoded picture, `[height, width, channels]`, top row first. */
export interface BytePicture {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}
