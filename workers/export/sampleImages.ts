import { join } from 'node:path';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { message } from '#core/words/message.ts';
import { decodeImage } from '../data/decode/decodeImage.ts';
import type { ScannedImage } from '../data/images/imageList.ts';
import { scanFolder } from '../data/scan/scanFolder.ts';
import type { TaskContext } from '../threads/progress.ts';
import type { SizedImage } from './check/samples.ts';

/** Number of real images on which an exported file is compared with the network; spread over the classes. */
const SAMPLE_COUNT = 32;
/** Bytes of all images in their own sizes; those beyond it are left out. */
const MOST_PIXEL_BYTES = 48 * 2 ** 20;

type ImagesOf = (
  data: RunManifest['data'],
  model: TrainedModel,
  context: TaskContext,
) => Promise<readonly ChosenImage[]>;

interface ChosenImage extends Pick<ScannedImage, 'width' | 'height'> {
  readonly path: string;
}

/**
 * Up to `SAMPLE_COUNT` decoded images `[N, H, W, C]`, evenly spread over the validation folder of a run (its training
 * folder when it has none); none when it is no longer readable.
 */
export async function sampleImages(...asked: Parameters<ImagesOf>): Promise<Uint8Array> {
  const [, { preprocessing }] = asked;
  const pictures = await Promise.all(
    (await chooseImages(...asked)).map(({ path }) => decodeImage(path, preprocessing).catch(() => null)),
  );
  return Buffer.concat(pictures.filter((image) => image !== null));
}

/** The same images in their own sizes, as far as `MOST_PIXEL_BYTES` allows. */
export async function sampleImagesInOwnSizes(...asked: Parameters<ImagesOf>): Promise<SizedImage[]> {
  const { channels, ranges } = asked[1].preprocessing;
  const images: SizedImage[] = [];
  let left = MOST_PIXEL_BYTES;
  for (const { path, width, height } of await chooseImages(...asked)) {
    const size = width * height * channels;
    if (size > left) continue;
    const pixels = await decodeImage(path, { width, height, channels, ranges, resize: 'stretch' }).catch(
      () => null,
    );
    if (pixels === null) continue;
    left -= size;
    images.push({ width, height, pixels });
  }
  return images;
}

const chooseImages: ImagesOf = async (
  { validationFolder, trainFolder, labels },
  { document },
  { signal, onProgress },
) => {
  const folder = validationFolder ?? trainFolder;
  // The images of a run that was trained elsewhere are not known.
  if (folder === null) return [];
  const scan = await scanFolder(folder, {
    labels: validationFolder === null ? (labels ?? null) : null,
    // Read with the folder options of the run: without them a table or its parts may be refused, and noise would be
    // compared.
    columns: document.data.table,
    subfolders: document.data.subfolders,
    signal,
    onProgress: (done, total) => onProgress(message('work.scanning'), done, total),
  }).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code !== 'interrupted') return null;
    throw thrown;
  });
  if (scan === null) return [];
  const { images, root } = scan;
  const stride = Math.max(1, Math.floor(images.length / SAMPLE_COUNT));
  const count = Math.min(SAMPLE_COUNT, Math.ceil(images.length / stride));
  return Array.from({ length: count }, (_, at) => images.at(at * stride))
    .filter((image) => image !== undefined)
    .map(({ file, width, height }) => ({ path: join(root, file), width, height }));
};
