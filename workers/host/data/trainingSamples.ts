import { join } from 'node:path';
import type { ImageView } from '#core/contract/imageRows.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import {
  countPixels,
  emptyHistograms,
  statisticsOf,
  type ChannelStatistics,
} from '../../data/cache/histograms.ts';
import type { DecodeTarget } from '../../data/pixels/target.ts';
import { decodeImage } from '../../data/decode/decodeImage.ts';
import { setLookUp, type KnownSet } from '../../data/imageSet/lookUpSet.ts';
import type { FolderScan } from '../../data/scan/scanFolder.ts';
import { trainingSides } from '../../data/split/trainingSides.ts';

/** Number of images used to estimate mean and deviation, spread evenly over the training images. */
const ESTIMATE_FROM = 48;

/** The training samples of a planned run with their numbers, and the statistics that normalize them. */
interface TrainingSamples {
  /** The scan after the project's edits. */
  readonly scan: FolderScan;
  /** Image of each sample, into `scan.images`. */
  readonly pictures: Uint32Array;
  readonly statistics: ChannelStatistics;
  /**
   * True: numbers and statistics are those of a run. False: not all images have been decoded yet, so the statistics
   * come from some of them, and a damaged image would shift the numbers of those after it.
   */
  readonly isExact: boolean;
}

/** Caches the training samples of the last requested folder, view and input size. */
export class TrainingSampleSource {
  private readonly cacheFolder: string;
  private asked: { scan: FolderScan; key: string; open: () => Promise<TrainingSamples> } | null = null;

  constructor(cacheFolder: string) {
    this.cacheFolder = cacheFolder;
  }

  /** Throws `AppError('folder-no-images')` when nothing is left to train on. */
  async open(scan: FolderScan, view: ImageView, target: DecodeTarget): Promise<TrainingSamples> {
    const key = JSON.stringify([view, target]);
    if (this.asked?.scan !== scan || this.asked.key !== key)
      this.asked = { scan, key, open: samplesOpener(scan, view, target, this.cacheFolder) };
    return this.asked.open();
  }
}

/**
 * Returns the description of the samples; it is exact once all images have been decoded. Expensive results are cached.
 */
function samplesOpener(
  folder: FolderScan,
  view: ImageView,
  target: DecodeTarget,
  cacheFolder: string,
): () => Promise<TrainingSamples> {
  const { scan, train } = trainingSides(folder, view);
  if (train.length === 0) {
    const why = message('folders.noneLeft', { path: scan.root });
    throw new AppError('folder-no-images', why, { where: scan.root });
  }
  const lookUp = setLookUp({ scan, indices: train, target, cacheFolder });
  let exact: TrainingSamples | null = null;
  let estimate: Promise<TrainingSamples> | null = null;
  const samplesOf = ({ failed, statistics }: KnownSet, isExact: boolean): TrainingSamples => ({
    scan,
    pictures: train.filter((_, at) => !failed.has(at)),
    statistics,
    isExact,
  });
  return async () => {
    if (exact !== null) return exact;
    const known = await lookUp();
    if (known === null) {
      const isSmall = train.length <= ESTIMATE_FROM;
      estimate ??= decodeSome(scan, train, target).then((found) => samplesOf(found, isSmall));
      return estimate;
    }
    exact = samplesOf(known, true);
    return exact;
  };
}

/** Leaves out images that cannot be decoded. */
async function decodeSome(scan: FolderScan, train: Uint32Array, target: DecodeTarget): Promise<KnownSet> {
  const histograms = emptyHistograms(target.channels);
  const failed = new Set<number>();
  const count = Math.min(ESTIMATE_FROM, train.length);
  for (let turn = 0; turn < count; turn += 1) {
    const at = Math.floor((turn * train.length) / count);
    const file = scan.images.fileOf(train[at] ?? 0);
    const pixels = await decodeImage(join(scan.root, file), target).catch(() => null);
    if (pixels === null) failed.add(at);
    else countPixels(histograms, pixels);
  }
  return { failed, statistics: statisticsOf(histograms) };
}
