/** Values of one image, `[C, H, W]` in one array. */
export interface ImageValues {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
}

/** One value for each pixel of a block's output, `[H, W]`. */
export interface PixelMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}
