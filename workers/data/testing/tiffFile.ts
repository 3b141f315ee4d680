/** A small writer of TIFF files for tests: one strip, uncompressed, little endian. */
export interface TiffParts {
  readonly width: number;
  readonly height: number;
  /** Samples per pixel; `values` are laid out `[height, width, samples]`. */
  readonly samples: number;
  readonly values: Uint8Array | Uint16Array | Int16Array | Float32Array;
  readonly photometric: number;
  readonly extraSamples?: readonly number[];
  /** Sample format: 1 unsigned, 2 signed, 3 floating point. */
  readonly sampleFormat?: number;
  /** Further tags of 16-bit numbers, such as the orientation (274) or the subfile type (254). */
  readonly tags?: Readonly<Record<number, number>>;
  /** True: the bands are stored one after another; `values` are `[samples, height, width]`. */
  readonly isPlanar?: boolean;
}

export function tiffFile(parts: TiffParts): Buffer {
  const {
    width,
    height,
    samples,
    values,
    photometric,
    extraSamples = [],
    sampleFormat = 1,
    tags = {},
  } = parts;
  const pixels = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const strips = parts.isPlanar === true ? samples : 1;
  const stripBytes = pixels.length / strips;
  const dataAt = 4096;
  const each = (value: number, count: number): number[] => Array<number>(count).fill(value);
  const entries: [tag: number, type: 3 | 4, values: number[]][] = [
    [256, 3, [width]],
    [257, 3, [height]],
    [258, 3, each(values.BYTES_PER_ELEMENT * 8, samples)],
    [259, 3, [1]],
    [262, 3, [photometric]],
    [273, 4, Array.from({ length: strips }, (_, strip) => dataAt + strip * stripBytes)],
    [277, 3, [samples]],
    [278, 3, [height]],
    [279, 4, each(stripBytes, strips)],
    [284, 3, [strips === 1 ? 1 : 2]],
    [339, 3, each(sampleFormat, samples)],
    ...(extraSamples.length === 0 ? [] : [[338, 3, [...extraSamples]] as [number, 3, number[]]]),
    ...Object.entries(tags).map(([tag, value]) => [Number(tag), 3, [value]] as [number, 3, number[]]),
  ];
  entries.sort(([a], [b]) => a - b);
  return Buffer.concat([directory(entries, dataAt), pixels]);
}

/** Header, directory and the values that do not fit into it, padded to `size` bytes. */
function directory(entries: readonly (readonly [number, 3 | 4, readonly number[]])[], size: number): Buffer {
  const out = Buffer.alloc(size);
  out.write('II*\0', 'latin1');
  out.writeUInt32LE(8, 4);
  out.writeUInt16LE(entries.length, 8);
  let outside = 10 + entries.length * 12 + 4;
  for (const [index, [tag, type, values]] of entries.entries()) {
    const at = 10 + index * 12;
    const bytes = type === 3 ? 2 : 4;
    out.writeUInt16LE(tag, at);
    out.writeUInt16LE(type, at + 2);
    out.writeUInt32LE(values.length, at + 4);
    const isInside = values.length * bytes <= 4;
    if (!isInside) out.writeUInt32LE(outside, at + 8);
    values.forEach((value, number) =>
      out.writeUIntLE(value, (isInside ? at + 8 : outside) + number * bytes, bytes),
    );
    if (!isInside) outside += values.length * bytes;
  }
  return out;
}

/** Samples of an image of one colour, pixel by pixel. */
export function flat(width: number, height: number, colour: readonly number[]): number[] {
  return Array.from({ length: width * height }, () => colour).flat();
}
