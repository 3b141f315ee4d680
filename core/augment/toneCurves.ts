import { applyLevels, toByte, type Picture as Image, type Workspace } from './image.ts';

/* The tone operations of Pillow's ImageOps and ImageFilter that RandAugment draws from. */

/** Keeps the `bits` highest bits of each value. */
export function posterize({ pixels }: Image, bits: number): void {
  const mask = 256 - 2 ** (8 - bits);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = (pixels[at] ?? 0) & mask;
}

/** Inverts the values from `threshold` up. */
export function solarize({ pixels }: Image, threshold: number, { levels }: Workspace): void {
  for (let level = 0; level < 256; level += 1) levels[level] = level < threshold ? level : 255 - level;
  applyLevels(pixels, levels);
}

/** Stretches each channel over the whole range. */
export function autoContrast(image: Image, workspace: Workspace): void {
  eachChannel(image, workspace, ({ levels, counts }) => {
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    const scale = high > low ? 255 / (high - low) : 1;
    const offset = high > low ? low : 0;
    // Pillow truncates here; it does not round.
    for (let level = 0; level < 256; level += 1)
      levels[level] = Math.min(255, Math.max(0, Math.trunc((level - offset) * scale + 1e-9)));
  });
}

/** Equalizes the histogram of each channel. */
export function equalize(picture: Image, workspace: Workspace): void {
  eachChannel(picture, workspace, ({ levels, counts }, pixelCount) => {
    const last = counts[counts.findLastIndex((count) => count > 0)] ?? 0;
    const step = Math.floor((pixelCount - last) / 255);
    let sum = Math.floor(step / 2);
    for (let level = 0; level < 256; level += 1) {
      levels[level] = step === 0 ? level : Math.min(255, Math.floor(sum / step));
      sum += counts[level] ?? 0;
    }
  });
}

/** Computes the levels of each channel from its histogram and applies them. */
function eachChannel(
  { pixels, channels }: Image,
  workspace: Workspace,
  findLevels: (workspace: Workspace, pixelCount: number) => void,
): void {
  const { levels, counts } = workspace;
  for (let channel = 0; channel < channels; channel += 1) {
    counts.fill(0);
    for (let at = channel; at < pixels.length; at += channels) {
      const level = pixels[at] ?? 0;
      counts[level] = (counts[level] ?? 0) + 1;
    }
    findLevels(workspace, pixels.length / channels);
    for (let at = channel; at < pixels.length; at += channels) pixels[at] = levels[pixels[at] ?? 0] ?? 0;
  }
}

/**
 * Blends with the image smoothed by the kernel (1 1 1 / 1 5 1 / 1 1 1) / 13, which leaves the border pixels unchanged;
 * a factor of 1 changes nothing.
 */
export function changeSharpness(picture: Image, factor: number, { bytes }: Workspace): void {
  const { pixels, height, width, channels } = picture;
  bytes.set(pixels);
  const stride = width * channels;
  for (let row = 1; row < height - 1; row += 1)
    for (let at = row * stride + channels; at < (row + 1) * stride - channels; at += 1) {
      const value = bytes[at] ?? 0;
      const smooth = Math.floor((sumAround(bytes, at, stride, channels) + 4 * value) / 13 + 0.5);
      pixels[at] = toByte(smooth + (value - smooth) * factor);
    }
}

function sumAround(bytes: Uint8Array, at: number, stride: number, channels: number): number {
  let sum = 0;
  for (let row = at - stride; row <= at + stride; row += stride)
    sum += (bytes[row - channels] ?? 0) + (bytes[row] ?? 0) + (bytes[row + channels] ?? 0);
  return sum;
}
