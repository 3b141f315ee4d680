import { availableParallelism } from 'node:os';
import path from 'node:path';
import { message } from '#core/words/message.ts';
import type { ImageSet } from '../data/imageSet/imageSet.ts';
import { openImageSet } from '../data/imageSet/openImageSet.ts';
import { DigestTable } from '../data/images/digestTable.ts';
import type { ScannedImage } from '../data/images/imageList.ts';
import { createProbe } from '../data/images/probeFile.ts';
import type { DecodeTarget } from '../data/pixels/target.ts';
import { createPace } from '../threads/pace.ts';
import type { DoubtOptions, RunEvaluation } from './findSuspects.ts';

/** Images of an evaluation, decoded again. */
export interface EvaluatedImages {
  readonly set: ImageSet;
  /** Number in the evaluation of each sample of the set. */
  readonly imageOf: Uint32Array;
}

/**
 * Decodes the images of an evaluation as the network saw them. Files that are gone, that have changed since or cannot
 * be decoded are left out. Throws as `openImageSet`.
 */
export async function openEvaluatedImages(
  { record, rows }: Pick<RunEvaluation, 'record' | 'rows'>,
  options: DoubtOptions & { readonly target: DecodeTarget; readonly cacheFolder: string },
): Promise<EvaluatedImages> {
  const { folder: root } = record.images;
  const { signal, onProgress, target, cacheFolder } = options;
  const pace = createPace(signal, (done, total) => onProgress?.(message('work.scanning'), done, total));
  const probe = createProbe();
  const images: ScannedImage[] = [];
  const digests = new DigestTable();
  const numbers = new Map<string, number>();
  for (const [image, file] of rows.files.entries()) {
    const found = await probe(path.join(root, file), file);
    await pace.tick(image, rows.count);
    if (found.kind !== 'image') continue;
    const own = DigestTable.fromPacked(found.digest);
    if (own.hexAt(0) !== rows.digests.hexAt(image)) continue;
    images.push({ ...found.image, file, classIndex: rows.labels[image] ?? 0 });
    digests.add(found.digest, found.digestIsWhole);
    numbers.set(file, image);
  }
  const set = await openImageSet({
    scan: { root, images, digests },
    indices: Uint32Array.from(images.keys()),
    ...{ target, cacheFolder },
    decoders: Math.max(1, Math.min(8, availableParallelism())),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (done, total) => onProgress?.(message('work.decoding'), done, total),
  });
  return { set, imageOf: Uint32Array.from(set.files, (file) => numbers.get(file) ?? 0) };
}
