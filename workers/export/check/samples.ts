import { InvariantError, must } from '#core/diagnostics/invariantError.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';

/** A decoded image in its own size, `[height, width, channels]` bytes. */
export interface SizedImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Images to compare two networks on. */
export interface Samples {
  readonly count: number;
  /** `[N, H, W, C]`. */
  readonly bytes: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** For a file that resizes images itself: the same images before they were resized; `bytes` are the resized ones. */
  readonly images?: readonly SizedImage[];
  /** True when no image was given and noise is used instead. */
  readonly generated: boolean;
}

const GENERATED_COUNT = 8;
/** Samples per call of a reader: bounds its memory. */
const CHUNK = 16;

/**
 * The given images, or noise of the right size when there are none. Throws `InvariantError` when they do not fit the
 * model.
 */
export function samplesFor({ preprocessing }: TrainedModel, given: Uint8Array): Samples {
  const { height, width, channels } = preprocessing;
  const perSample = height * width * channels;
  const generated = given.length === 0;
  const bytes = generated ? noise(GENERATED_COUNT * perSample) : given;
  const count = bytes.length / perSample;
  if (!Number.isInteger(count))
    throw new InvariantError(`${given.length} bytes are no pictures of ${height} x ${width} x ${channels}`);
  return { count, bytes, height, width, channels, generated };
}

/** Calls `use` with runs of at most `CHUNK` samples, in order. */
export function* chunksOf(samples: Samples): Generator<Samples> {
  const perSample = samples.height * samples.width * samples.channels;
  for (let start = 0; start < samples.count; start += CHUNK) {
    const count = Math.min(CHUNK, samples.count - start);
    yield {
      ...samples,
      count,
      bytes: samples.bytes.subarray(start * perSample, (start + count) * perSample),
    };
  }
}

/** The bytes as floats `[N, C, H, W]`, 0 to 255: the input of an exported ONNX model. */
export function toPlanes({ count, bytes, height, width, channels }: Samples): Float32Array<ArrayBuffer> {
  const planes = new Float32Array(bytes.length);
  const area = height * width;
  for (let n = 0; n < count; n += 1)
    for (let pixel = 0; pixel < area; pixel += 1)
      for (let c = 0; c < channels; c += 1) {
        const from = (n * area + pixel) * channels + c;
        planes[(n * channels + c) * area + pixel] = must(bytes[from], `byte ${from}`);
      }
  return planes;
}

/** Deterministic pseudo-random bytes (Marsaglia's xorshift32). */
export function noise(size: number): Uint8Array {
  let word = 0x9e37_79b9;
  return Uint8Array.from({ length: size }, () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return word & 0xff;
  });
}
