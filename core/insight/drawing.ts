import { colourAt } from './colours.ts';
import type { ImageValues, PixelMap } from './imageValues.ts';

/** An RGB image, bytes `[H, W, 3]`. */
export interface Drawing {
  readonly height: number;
  readonly width: number;
  readonly rgb: Uint8Array;
}

/** A picture as the network is fed it: bytes `[H, W, C]` with one channel or three. */
export interface Picture {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

/** The picture, each of its pixels `scale` x `scale` pixels large. */
export function drawPicture({ channels, height, width, bytes }: Picture, scale: number): Drawing {
  return drawPixels(height * scale, width * scale, (y, x) => {
    const at = (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels;
    const [r = 0, g = r, b = r] = bytes.subarray(at, at + channels);
    return [r, g, b];
  });
}

/** A map of the same size in half-transparent colours over a drawing; its largest value has the last colour. */
export function drawOver({ height, width, rgb }: Drawing, map: PixelMap): Drawing {
  const largest = map.values.reduce((high, value) => Math.max(high, value), 0);
  return drawPixels(height, width, (y, x) => {
    const at = y * width + x;
    const colour = colourAt(largest > 0 ? (map.values[at] ?? NaN) / largest : 0);
    const under = (index: 0 | 1 | 2): number => Math.round((colour[index] + (rgb[3 * at + index] ?? 0)) / 2);
    return [under(0), under(1), under(2)];
  });
}

/** Two drawings of one height, one beside the other with a gap. */
export function beside(left: Drawing, right: Drawing, gap: number): Drawing {
  return drawPixels(left.height, left.width + gap + right.width, (y, x) => {
    if (x < left.width) return pixelOf(left, y, x);
    return x < left.width + gap ? [255, 255, 255] : pixelOf(right, y, x - left.width - gap);
  });
}

/**
 * The channels of a block's output as grey tiles in rows, each from its own smallest value (black) to its largest
 * (white). `scale`: side of a value in pixels.
 */
export function drawChannels({ channels, height, width, values }: ImageValues, scale: number): Drawing {
  const pixels = height * width;
  const ranges = Array.from({ length: channels }, (_, channel) => rangeOf(values, channel * pixels, pixels));
  const columns = Math.ceil(Math.sqrt(channels));
  return drawTiles({ count: channels, columns, height, width, scale }, (channel, y, x) => {
    const { low, high } = ranges[channel] ?? { low: 0, high: 0 };
    const value = values[channel * pixels + y * width + x] ?? NaN;
    const grey = high > low ? (255 * (value - low)) / (high - low) : 0;
    return [grey, grey, grey];
  });
}

/**
 * Kernels `[out, in, kh, kw]` as tiles: in colour where they read three channels, else a row for each kernel with a
 * grey tile for each channel that it reads. 0 is the middle grey; all have one scale, that of the largest weight.
 */
export function drawKernels(shape: readonly number[], values: ArrayLike<number>, scale: number): Drawing {
  const [out = 1, from = 1, height = 1, width = 1] = shape;
  const { low, high } = rangeOf(values, 0, values.length);
  const largest = Math.max(-low, high);
  const byteOf = (value: number): number => (largest > 0 ? 127.5 + (127.5 * value) / largest : 127.5);
  const pixels = height * width;
  const at = (plane: number, y: number, x: number): number =>
    byteOf(values[plane * pixels + y * width + x] ?? NaN);
  if (from === 3) {
    const columns = Math.ceil(Math.sqrt(out));
    return drawTiles({ count: out, columns, height, width, scale }, (kernel, y, x) => [
      at(3 * kernel, y, x),
      at(3 * kernel + 1, y, x),
      at(3 * kernel + 2, y, x),
    ]);
  }
  const columns = from === 1 ? Math.ceil(Math.sqrt(out)) : from;
  return drawTiles({ count: out * from, columns, height, width, scale }, (plane, y, x) => {
    const grey = at(plane, y, x);
    return [grey, grey, grey];
  });
}

type Colour = readonly [number, number, number];

interface Tiles {
  readonly count: number;
  readonly columns: number;
  readonly height: number;
  readonly width: number;
  readonly scale: number;
}

/** Tiles with a white line of one pixel between them. */
function drawTiles(tiles: Tiles, at: (tile: number, y: number, x: number) => Colour): Drawing {
  const { count, columns, scale } = tiles;
  const height = tiles.height * scale + 1;
  const width = tiles.width * scale + 1;
  const rows = Math.ceil(count / columns);
  return drawPixels(rows * height - 1, columns * width - 1, (y, x) => {
    const tile = Math.floor(y / height) * columns + Math.floor(x / width);
    const [inY, inX] = [y % height, x % width];
    if (tile >= count || inY === height - 1 || inX === width - 1) return [255, 255, 255];
    return at(tile, Math.floor(inY / scale), Math.floor(inX / scale));
  });
}

function drawPixels(height: number, width: number, at: (y: number, x: number) => Colour): Drawing {
  const rgb = new Uint8Array(3 * height * width);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rgb.set(at(y, x).map(Math.round), 3 * (y * width + x));
  }
  return { height, width, rgb };
}

function pixelOf({ width, rgb }: Drawing, y: number, x: number): Colour {
  const [r = 0, g = 0, b = 0] = rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3);
  return [r, g, b];
}

function rangeOf(values: ArrayLike<number>, start: number, count: number): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (let i = start; i < start + count; i += 1) {
    low = Math.min(low, values[i] ?? NaN);
    high = Math.max(high, values[i] ?? NaN);
  }
  return { low, high };
}
