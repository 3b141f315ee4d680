import { createHash } from 'node:crypto';
import { openImagePrints, SMALL_SIDE } from '#core/evaluation/imagePrint.ts';
import { message } from '#core/words/message.ts';
import type { ImageSet } from '../data/imageSet/imageSet.ts';
import { DigestTable } from '../data/images/digestTable.ts';
import { createPace } from '../threads/pace.ts';
import type { DoubtOptions } from './findSuspects.ts';

/** What is compared of the images of a set, by sample. */
export interface PrintedImages {
  readonly files: readonly string[];
  readonly labels: Int32Array;
  /** Digests of the files, and of the decoded pixels. */
  readonly contents: DigestTable;
  readonly pixels: DigestTable;
  /** Perceptual hashes, 32 bits each. */
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** The small picture of a sample, `[16, 16, C]`. */
  small(sample: number): Uint8Array;
}

/** Images that are read at a time. */
const BATCH = 32;

/** Reads all images of a set once: about 800 bytes of each stay in memory. Throws `AppError('interrupted')`. */
export async function printImages(
  set: ImageSet,
  { signal, onProgress }: DoubtOptions,
): Promise<PrintedImages> {
  const { height, width, channels } = set.target;
  const print = openImagePrints(height, width, channels);
  const sampleBytes = height * width * channels;
  const smallBytes = SMALL_SIDE * SMALL_SIDE * channels;
  const small = new Uint8Array(set.size * smallBytes);
  const [low, high] = [new Uint32Array(set.size), new Uint32Array(set.size)];
  const pixels = new DigestTable();
  const pace = createPace(signal, (done, total) => onProgress?.(message('doubts.printing'), done, total));
  for (let start = 0; start < set.size; start += BATCH) {
    const count = Math.min(BATCH, set.size - start);
    const { images } = await set.read(Uint32Array.from({ length: count }, (_, at) => start + at));
    for (let at = 0; at < count; at += 1) {
      const bytes = images.subarray(at * sampleBytes, (at + 1) * sampleBytes);
      const found = print(bytes);
      [low[start + at], high[start + at]] = [found.low, found.high];
      small.set(found.small, (start + at) * smallBytes);
      pixels.add(createHash('sha1').update(bytes).digest(), true);
      await pace.tick(start + at, set.size);
    }
  }
  return {
    ...{ files: set.files, labels: set.labels, contents: set.contents().digests, pixels, low, high },
    small: (sample) => small.subarray(sample * smallBytes, (sample + 1) * smallBytes),
  };
}
