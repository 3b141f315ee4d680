import { InvariantError, must } from '#core/diagnostics/invariantError.ts';
import type { BatchSource, ImageBatch } from '#core/training/batchSource.ts';
import { BatchSlots } from '../data/imageSet/batchSlots.ts';
import type { FeatureStore } from './featureStore.ts';

interface SourceOptions {
  /** One for each version. */
  readonly stores: readonly FeatureStore[];
  /** Labels and names of the samples. */
  readonly samples: Pick<BatchSource, 'size' | 'labels' | 'files'>;
  /** Bytes of the features of one sample, and of one value. */
  readonly sampleBytes: number;
  readonly floatBytes: number;
  readonly inMemory: boolean;
}

/**
 * Features in place of images: epoch e reads version e mod the number of versions. A single version is the same in
 * every epoch, and without one.
 */
export function featureSource({ stores, samples, inMemory, ...bytes }: SourceOptions): BatchSource {
  const { size, labels, files } = samples;
  const { sampleBytes } = bytes;
  const versions = stores.map(
    ({ store, slotOf }) => new BatchSlots({ store: () => store, sampleBytes, labels, slotOf }),
  );
  const versionOf = (epoch: number | undefined): BatchSlots => {
    if (epoch === undefined && versions.length > 1)
      throw new InvariantError('features of augmented images, read without an epoch');
    return must(versions[(epoch ?? 0) % versions.length], 'version of the features');
  };
  return {
    ...{ size, labels },
    ...(files === undefined ? {} : { files }),
    read: async (indices, epoch): Promise<ImageBatch> => {
      const batch = await versionOf(epoch).read(indices);
      return { ...batch, images: asFloats(batch.images, bytes.floatBytes) };
    },
    prefetch: (indices, epoch) => (inMemory ? undefined : versionOf(epoch).prefetch(indices)),
  };
}

/** The same memory as floats; a batch begins its buffer, so it is aligned. */
function asFloats(
  { buffer, byteOffset, byteLength }: Uint8Array,
  floatBytes: number,
): Float32Array | Float64Array {
  const length = byteLength / floatBytes;
  return floatBytes === 8
    ? new Float64Array(buffer, byteOffset, length)
    : new Float32Array(buffer, byteOffset, length);
}
