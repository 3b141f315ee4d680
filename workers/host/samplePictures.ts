import { join } from 'node:path';
import type { LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import {
  countPixels,
  emptyHistograms,
  statisticsOf,
  type ChannelStatistics,
} from '../data/cache/histograms.ts';
import type { DecodeTarget } from '../data/decode/target.ts';
import { decodeImage } from '../data/decodeImage.ts';
import type { FolderScan } from '../data/scanFolder.ts';

/** Pictures that mean and deviation are estimated from, spread evenly over the folder. */
const ESTIMATE_FROM = 48;
const KEPT_ESTIMATES = 8;

/** Decodes single pictures of a scanned folder as training does, for the preview of augmentation. */
export class SamplePictures {
  private readonly estimates = new Map<string, Promise<ChannelStatistics>>();

  /**
   * Picture number `index` (taken modulo their count) at the input size, with the folder's mean and deviation estimated from some
   * of its pictures. Throws `AppError('image-unreadable')` when that picture cannot be decoded, 'folder-no-images'.
   */
  async sample(scan: FolderScan, index: number, target: DecodeTarget): Promise<LabResult<'data.sample'>> {
    const { root, images, classes } = scan;
    const number = index % Math.max(1, images.length);
    const image = images.at(number);
    if (image === undefined)
      throw new AppError('folder-no-images', `“${root}” holds no images.`, { where: root });
    const pixels = await decodeImage(join(root, image.file), target);
    const { mean, deviation } = await this.estimate(scan, target);
    return {
      file: image.file,
      className: classes[image.classIndex]?.name ?? '',
      index: number,
      count: images.length,
      pixels: Buffer.from(pixels).toString('base64'),
      mean,
      deviation,
    };
  }

  private estimate(scan: FolderScan, target: DecodeTarget): Promise<ChannelStatistics> {
    const key = JSON.stringify([scan.root, scan.images.length, target]);
    const known = this.estimates.get(key);
    if (known !== undefined) return known;
    const made = estimateStatistics(scan, target);
    this.estimates.set(key, made);
    const oldest = this.estimates.keys().next().value;
    if (this.estimates.size > KEPT_ESTIMATES && oldest !== undefined) this.estimates.delete(oldest);
    return made;
  }
}

/** A picture that cannot be decoded is left out. */
async function estimateStatistics(
  { root, images }: FolderScan,
  target: DecodeTarget,
): Promise<ChannelStatistics> {
  const histograms = emptyHistograms(target.channels);
  const count = Math.min(ESTIMATE_FROM, images.length);
  for (let turn = 0; turn < count; turn += 1) {
    const image = images.at(Math.floor((turn * images.length) / count));
    if (image === undefined) continue;
    const pixels = await decodeImage(join(root, image.file), target).catch(() => null);
    if (pixels !== null) countPixels(histograms, pixels);
  }
  return statisticsOf(histograms);
}
