import * as ort from 'onnxruntime-web';
import { must } from '#core/diagnostics/invariantError.ts';
import type { EachPiece } from './backendLogits.ts';
import { chunksOf, toPlanes, type Samples, type SizedImage } from './samples.ts';

/**
 * Logits `[N, classes]` of an ONNX file, computed by ONNX Runtime's WebAssembly build, which shares no code with
 * NormLab. A file with preprocessing gets the images in their own sizes, one at a time.
 */
export async function onnxLogits(file: Uint8Array, samples: Samples, each: EachPiece): Promise<Float64Array> {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const session = await ort.InferenceSession.create(file, { executionProviders: ['wasm'] });
  try {
    const rows: number[] = [];
    for (const { images, count } of inputsOf(samples)) {
      const { logits } = await session.run({ images }, ['logits']);
      for (const value of must(logits, 'output logits').data as Float32Array) rows.push(value);
      await each(count);
    }
    return Float64Array.from(rows);
  } finally {
    await session.release();
  }
}

interface Input {
  readonly images: ort.Tensor;
  readonly count: number;
}

function* inputsOf(samples: Samples): Generator<Input> {
  for (const image of samples.images ?? []) yield { images: asBytes(image, samples.channels), count: 1 };
  if (samples.images !== undefined) return;
  for (const chunk of chunksOf(samples)) {
    const { count, channels, height, width } = chunk;
    yield { images: new ort.Tensor('float32', toPlanes(chunk), [count, channels, height, width]), count };
  }
}

function asBytes({ width, height, pixels }: SizedImage, channels: number): ort.Tensor {
  return new ort.Tensor('uint8', pixels, [1, height, width, channels]);
}
