import * as ort from 'onnxruntime-web';
import { must } from '#core/diagnostics/invariantError.ts';
import type { EachPiece } from './backendLogits.ts';
import { chunksOf, toPlanes, type Samples } from './samples.ts';

/**
 * Logits `[N, classes]` of an ONNX file, computed by ONNX Runtime's WebAssembly build, which shares no code with
 * NormLab.
 */
export async function onnxLogits(file: Uint8Array, samples: Samples, each: EachPiece): Promise<Float64Array> {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const session = await ort.InferenceSession.create(file, { executionProviders: ['wasm'] });
  try {
    const rows: number[] = [];
    for (const chunk of chunksOf(samples)) {
      const dims = [chunk.count, chunk.channels, chunk.height, chunk.width];
      const images = new ort.Tensor('float32', toPlanes(chunk), dims);
      const { logits } = await session.run({ images }, ['logits']);
      for (const value of must(logits, 'output logits').data as Float32Array) rows.push(value);
      await each(chunk.count);
    }
    return Float64Array.from(rows);
  } finally {
    await session.release();
  }
}
