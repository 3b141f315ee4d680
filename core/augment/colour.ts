import { applyLevels, luma, toByte, type Picture as Image, type Workspace } from './image.ts';

/*
 * The enhancements of Pillow's ImageEnhance and torchvision: each blends the image with a degenerate one, `factor *
 * image + (1 - factor) * degenerate`, so a factor of 1 leaves it unchanged. Results are rounded to the nearest byte.
 */

/** Blends with black. */
export function changeBrightness({ pixels }: Image, factor: number, { levels }: Workspace): void {
  for (let level = 0; level < 256; level += 1) levels[level] = toByte(level * factor);
  applyLevels(pixels, levels);
}

/** Blends with the mean grey of the image. */
export function changeContrast(image: Image, factor: number, { levels }: Workspace): void {
  const mean = Math.floor(meanLuma(image) + 0.5);
  for (let level = 0; level < 256; level += 1) levels[level] = toByte(mean + (level - mean) * factor);
  applyLevels(image.pixels, levels);
}

/** Blends with the grey image; leaves a grey image unchanged. */
export function changeSaturation({ pixels, channels }: Image, factor: number): void {
  if (channels !== 3) return;
  for (let at = 0; at < pixels.length; at += 3) {
    const [red, green, blue] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    const grey = luma(red, green, blue);
    pixels[at] = toByte(grey + (red - grey) * factor);
    pixels[at + 1] = toByte(grey + (green - grey) * factor);
    pixels[at + 2] = toByte(grey + (blue - grey) * factor);
  }
}

/** Rotates the hue by `turns` of the color circle, through HSV (Smith 1978); leaves a grey image unchanged. */
export function changeHue({ pixels, channels }: Image, turns: number): void {
  if (channels !== 3) return;
  for (let at = 0; at < pixels.length; at += 3) {
    const [red, green, blue] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    const value = Math.max(red, green, blue);
    const chroma = value - Math.min(red, green, blue);
    if (chroma === 0) continue;
    const moved = (hueOf(red, green, blue, value, chroma) + 6 * (turns + 1)) % 6;
    pixels[at] = toByte(hueChannel(5, moved, value, chroma));
    pixels[at + 1] = toByte(hueChannel(3, moved, value, chroma));
    pixels[at + 2] = toByte(hueChannel(1, moved, value, chroma));
  }
}

/** Hue in sixths of a turn, 0 … 6. */
function hueOf(red: number, green: number, blue: number, value: number, chroma: number): number {
  if (value === red) return (6 + (green - blue) / chroma) % 6;
  return value === green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
}

/** One channel of a hue: `value - chroma * clamp(min(k, 4 - k), 0, 1)` with `k = (offset + hue) mod 6`. */
function hueChannel(offset: number, hue: number, value: number, chroma: number): number {
  const k = (offset + hue) % 6;
  return value - chroma * Math.max(0, Math.min(k, 4 - k, 1));
}

/** Sets all channels to the luma. */
export function makeGrey({ pixels, channels }: Image): void {
  if (channels !== 3) return;
  for (let at = 0; at < pixels.length; at += 3) {
    const grey = luma(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
    pixels[at] = pixels[at + 1] = pixels[at + 2] = grey;
  }
}

function meanLuma({ pixels, channels }: Image): number {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += channels)
    sum +=
      channels === 3 ? luma(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0) : (pixels[at] ?? 0);
  return sum / (pixels.length / channels);
}
