import { join } from 'node:path';
import type { ImageView } from '#core/contract/imageRows.ts';
import type { ValueRanges } from '#core/document/preprocessing.ts';
import type { LabResult } from '#core/contract/labApi.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { DecodeTarget } from '../../data/pixels/target.ts';
import { measureRanges } from '../../data/depth/measureRanges.ts';
import { decodeImage } from '../../data/decode/decodeImage.ts';
import type { FolderScan } from '../../data/scan/scanFolder.ts';
import { TrainingSampleSource } from './trainingSamples.ts';

/** The input size, the planned run, and the images: by the number of their sample or of their image in the scan. */
export interface AskedImages extends DecodeTarget {
  readonly view: ImageView;
  readonly which: { readonly by: 'sample' | 'image'; readonly numbers: readonly number[] };
}

/** Decodes single images of a scanned folder as training does, to show the input of the network. */
export class SampleImages {
  private readonly source: TrainingSampleSource;
  /** Value ranges of the scans used so far. */
  private readonly ranges = new WeakMap<FolderScan, Promise<ValueRanges>>();

  constructor(cacheFolder: string) {
    this.source = new TrainingSampleSource(cacheFolder);
  }

  /**
   * The requested images at the input size, with the count, mean and deviation of the training samples. Throws
   * `AppError('image-unreadable')` when one cannot be decoded, 'folder-no-images'.
   */
  async draw(scan: FolderScan, { view, which, ...asked }: AskedImages): Promise<LabResult<'data.samples'>> {
    const target = { ...asked, ranges: await this.rangesOf(scan) };
    const samples = await this.source.open(scan, view, target);
    const { mean, deviation } = samples.statistics;
    const count = samples.pictures.length;
    const pictures = await Promise.all(
      which.numbers.map((number) =>
        which.by === 'image'
          ? drawOne(scan, number % scan.images.length, number % scan.images.length, target)
          : drawOne(samples.scan, samples.pictures[number % count] ?? 0, number % count, target),
      ),
    );
    return { count, mean, deviation, isExact: samples.isExact, pictures };
  }

  private rangesOf(scan: FolderScan): Promise<ValueRanges> {
    const known = this.ranges.get(scan) ?? measureRanges(scan).then(({ ranges }) => ranges);
    this.ranges.set(scan, known);
    return known;
  }
}

async function drawOne(
  scan: FolderScan,
  index: number,
  number: number,
  target: DecodeTarget,
): Promise<LabResult<'data.samples'>['pictures'][number]> {
  const image = must(scan.images.at(index), `image ${index}`);
  const pixels = await decodeImage(join(scan.root, image.file), target);
  return {
    file: image.file,
    className: scan.classes[image.classIndex]?.name ?? '',
    number,
    pixels: Buffer.from(pixels).toString('base64'),
  };
}
