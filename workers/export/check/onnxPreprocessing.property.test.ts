import fc from 'fast-check';
import * as ort from 'onnxruntime-web';
import { expect, it } from 'vitest';
import { must } from '#core/diagnostics/invariantError.ts';
import { RESIZE_POLICIES, type ResizePolicy } from '#core/document/dataSettings.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { encodeOnnxModel } from '#core/export/onnx/encodeModel.ts';
import { createGraphBuilder } from '#core/export/onnx/graphBuilder.ts';
import { addPreprocessing } from '#core/export/onnx/preprocessing/addPreprocessing.ts';
import { resample } from '../../data/pixels/resample.ts';
import { noise } from './samples.ts';

/** A graph of the preprocessing alone. */
function preprocessingGraph(preprocessing: Preprocessing): Uint8Array {
  const { channels, height, width } = preprocessing;
  const builder = createGraphBuilder();
  const pixels = addPreprocessing('images', preprocessing, builder);
  return encodeOnnxModel({
    ...{ producerVersion: 'test', docString: '', metadata: {} },
    graph: {
      name: 'preprocessing',
      nodes: builder.nodes,
      initializers: builder.initializers,
      inputs: [{ name: 'images', elements: 'uint8', dims: ['N', 'H', 'W', channels] }],
      outputs: [{ name: pixels, dims: ['N', channels, height, width] }],
    },
  });
}

function settings(resize: ResizePolicy, size: Size, channels: 1 | 3, cropFraction?: number): Preprocessing {
  const values = Array.from({ length: channels }, () => 1);
  return {
    ...{ ...size, channels, resize, mean: values, deviation: values },
    ...(cropFraction === undefined ? {} : { cropFraction }),
  };
}

interface Size {
  readonly height: number;
  readonly width: number;
}

/** By NormLab, `[C, height, width]`. */
function resampled(preprocessing: Preprocessing, { height, width }: Size, pixels: Uint8Array): number[] {
  const { channels } = preprocessing;
  const source = { width, height, shownWidth: width, shownHeight: height, channels, pixels };
  const bytes = resample(source, preprocessing);
  const area = preprocessing.height * preprocessing.width;
  return Array.from({ length: bytes.length }, (_, at) =>
    must(bytes[(at % area) * channels + Math.floor(at / area)], 'a byte'),
  );
}

async function expectSameBytes(preprocessing: Preprocessing, sizes: readonly Size[]): Promise<void> {
  const { channels } = preprocessing;
  const session = await ort.InferenceSession.create(preprocessingGraph(preprocessing), {
    executionProviders: ['wasm'],
  });
  try {
    for (const size of sizes) {
      const pixels = noise(size.height * size.width * channels);
      const images = new ort.Tensor('uint8', pixels, [1, size.height, size.width, channels]);
      const results = await session.run({ images });
      const [found] = Object.values(results);
      expect(found?.dims).toEqual([1, channels, preprocessing.height, preprocessing.width]);
      expect([...(must(found, 'the output').data as Float32Array)]).toEqual(
        resampled(preprocessing, size, pixels),
      );
    }
  } finally {
    await session.release();
  }
}

const side = fc.integer({ min: 1, max: 40 });
const imageSize = fc.record({
  height: fc.integer({ min: 1, max: 150 }),
  width: fc.integer({ min: 1, max: 150 }),
});

it.each(RESIZE_POLICIES)('gives the bytes of NormLab for images of any size: %s', async (resize) => {
  ort.env.wasm.numThreads = 1;
  await fc.assert(
    fc.asyncProperty(
      ...[fc.record({ height: side, width: side }), fc.constantFrom(1 as const, 3 as const)],
      ...[fc.double({ min: 0.1, max: 1, noNaN: true }), fc.array(imageSize, { minLength: 1, maxLength: 3 })],
      async (target, channels, fraction, sizes) => {
        const cropFraction = resize === 'crop' ? fraction : undefined;
        await expectSameBytes(settings(resize, target, channels, cropFraction), sizes);
      },
    ),
    { numRuns: 25 },
  );
});

it.each(RESIZE_POLICIES)('gives the bytes of NormLab for photos: %s', async (resize) => {
  ort.env.wasm.numThreads = 1;
  const sizes = [
    { height: 480, width: 640 },
    { height: 1201, width: 800 },
    { height: 224, width: 224 },
    { height: 31, width: 1999 },
  ];
  await expectSameBytes(settings(resize, { height: 224, width: 224 }, 3), sizes);
});

it('takes several images of one size at once', async () => {
  const preprocessing = settings('fit', { height: 9, width: 12 }, 3);
  const session = await ort.InferenceSession.create(preprocessingGraph(preprocessing), {
    executionProviders: ['wasm'],
  });
  const size = { height: 30, width: 17 };
  const pixels = noise(2 * size.height * size.width * 3);
  const results = await session.run({
    images: new ort.Tensor('uint8', pixels, [2, size.height, size.width, 3]),
  });
  const half = pixels.length / 2;
  expect([...(must(Object.values(results)[0], 'the output').data as Float32Array)]).toEqual([
    ...resampled(preprocessing, size, pixels.subarray(0, half)),
    ...resampled(preprocessing, size, pixels.subarray(half)),
  ]);
  await session.release();
});
