export interface ImageSize {
  readonly height: number;
  readonly width: number;
  /** 1: grey; 3: RGB. */
  readonly channels: number;
}

/** Bytes `[height, width, channels]`. */
export interface Picture extends ImageSize {
  readonly pixels: Uint8Array;
}

/** Scratch memory shared by all transforms; its contents are not kept between transforms. */
export interface Workspace {
  /** `[height, width, channels]`. */
  readonly floats: Float32Array;
  readonly bytes: Uint8Array;
  /** `[256]`: the new value of each grey level. */
  readonly levels: Uint8Array;
  /** `[256]`. */
  readonly counts: Int32Array;
  /** Mean of the training images, `[channels]`, rounded to bytes. */
  readonly mean: Uint8Array;
}

/** Allocates the scratch memory for images of one size; `mean` is per channel, in byte units. */
export function createWorkspace(size: ImageSize, mean: readonly number[]): Workspace {
  const values = size.height * size.width * size.channels;
  return {
    floats: new Float32Array(values),
    bytes: new Uint8Array(values),
    levels: new Uint8Array(256),
    counts: new Int32Array(256),
    mean: Uint8Array.from({ length: size.channels }, (_, channel) => toByte(mean[channel] ?? 0)),
  };
}

/** Rounds to the nearest byte, clamped to 0 to 255. */
export function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value + 0.5);
}

/**
 * Returns the luma of a color by ITU-R BT.601, in the fixed-point form of Pillow's `convert("L")`, as in image
 * decoding.
 */
export function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
}

/** Replaces every value by its entry in `levels`, `[256]`. */
export function applyLevels(pixels: Uint8Array, levels: Uint8Array): void {
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = levels[pixels[at] ?? 0] ?? 0;
}
