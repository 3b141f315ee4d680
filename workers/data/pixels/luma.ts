/** Pixels of one image, `[height, width, channels]`. */
interface DecodedPixels {
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** Converts an image to the requested number of channels (1 or 3): grey by luma, or grey repeated. */
export function toChannels({ channels, pixels }: DecodedPixels, wanted: number): Uint8Array {
  if (channels === wanted) return pixels;
  return wanted === 1 ? lumaOf(pixels) : repeatGrey(pixels);
}

/**
 * Grey of an RGB image by ITU-R BT.601 luma, in the fixed-point form of Pillow's `convert("L")`: `(19595 R + 38470 G +
 * 7471 B + 32768) >> 16`. Leaves grey pixels (R = G = B) exactly as they are. `rgb` is `[..., 3]`.
 */
export function lumaOf(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    const red = rgb[at] ?? 0;
    const green = rgb[at + 1] ?? 0;
    const blue = rgb[at + 2] ?? 0;
    grey[pixel] = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
  }
  return grey;
}

/** Three equal channels from a grey one. */
function repeatGrey(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  grey.forEach((value, pixel) => rgb.fill(value, pixel * 3, pixel * 3 + 3));
  return rgb;
}
