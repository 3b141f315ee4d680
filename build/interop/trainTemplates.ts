import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { decodeImage } from '#workers/data/decode/decodeImage.ts';
import { loadRun } from '#workers/runs/checkpoint/loadModel.ts';
import { makeSampleImages } from '../samples/makeSampleImages.ts';
import { runLab } from './labCommand.ts';
import { IMAGES } from './writeCase.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Each small template with the archive of real images that it is trained on. */
const TEMPLATES = {
  'mnist-cnn-bn': 'mnist-mini',
  'bn-mlp': 'mnist-mini',
  'vgg-bn': 'cifar10-mini',
  resnet20: 'cifar10-mini',
} as const;

interface TrainedTemplate {
  readonly name: string;
  readonly model: TrainedModel;
  /** Real images that it was not trained on, `[N, H, W, C]` in its size. */
  readonly images: Uint8Array;
  /** Where they come from. */
  readonly source: string;
  /** Accuracy over the last epoch of training, in percent. */
  readonly accuracy: number;
}

/**
 * Trains the small templates for two epochs on the smaller part of `mnist-mini` and `cifar10-mini`, and takes the
 * images from the larger one. They are looked for beside the project and under `NORMLAB_SHARED`; where they are
 * missing, the sample images that set-up draws are used.
 */
export async function trainTemplates(): Promise<readonly TrainedTemplate[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'normlab-trained-'));
  try {
    const trained: TrainedTemplate[] = [];
    for (const [name, archive] of Object.entries(TEMPLATES)) {
      const source = imagesOf(archive, scratch);
      const run = join(scratch, name);
      await train(name, join(source, 'test'), run, join(scratch, 'home'));
      const { model } = await loadRun(run);
      const files = spread(imageFiles(join(source, 'train')), IMAGES);
      const images = await Promise.all(files.map((file) => decodeImage(file, model.preprocessing)));
      const about = source.endsWith(archive) ? archive : 'sample images';
      trained.push({ name, model, images: Buffer.concat(images), source: about, accuracy: accuracyOf(run) });
    }
    return trained;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The folder of an archive, unpacked, or of the sample images. */
function imagesOf(archive: string, scratch: string): string {
  const shared = process.env['NORMLAB_SHARED'] ?? join(ROOT, '..', 'shared');
  const file = [join(shared, 'data'), shared]
    .map((folder) => join(folder, `${archive}.tar`))
    .find((path) => existsSync(path));
  const target = join(scratch, 'images', file === undefined ? 'samples' : archive);
  if (existsSync(target)) return target;
  mkdirSync(join(scratch, 'images'), { recursive: true });
  if (file === undefined) makeSampleImages(target);
  else execFileSync('tar', ['xf', file, '-C', join(scratch, 'images')]);
  return target;
}

function train(template: string, data: string, run: string, home: string): Promise<void> {
  const options = {
    ...{
      '--template': template,
      '--data': data,
      '--out': run,
      '--epochs': '2',
      '--batch': '50',
      '--seed': '1',
    },
    ...{ '--val-split': '0', '--precision': 'f32' },
  };
  return runLab(['train'], options, home);
}

function imageFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:png|jpg)$/.test(file))
    .toSorted()
    .map((file) => join(folder, file));
}

/** `count` of the files, evenly spread. */
function spread(files: readonly string[], count: number): readonly string[] {
  const step = files.length / count;
  return files.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step)).slice(0, count);
}

function accuracyOf(run: string): number {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const epochs = lines
    .map((line) => JSON.parse(line) as { kind: string; accuracy?: number })
    .filter(({ kind }) => kind === 'epoch');
  return Math.round(1000 * (epochs.at(-1)?.accuracy ?? Number.NaN)) / 10;
}
