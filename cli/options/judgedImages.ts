import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { resolveParts } from '#workers/data/parts/resolveParts.ts';
import type { JudgedImages } from '#workers/evaluation/judgedImages.ts';
import { log } from '../output/output.ts';
import { columnsOf, subfoldersOf, type FolderOptions } from './folderOptions.ts';

/** Which images a command evaluates. */
export interface JudgedImagesOptions extends FolderOptions {
  readonly data?: string;
  readonly part?: 'train' | 'validation';
}

/** Adds `--data` and `--part`. */
export function withJudgedImages(command: Command): Command {
  return command
    .option(
      '--data <dir>',
      'a folder with one folder of images for each class (default: the validation images of the run)',
    )
    .addOption(
      new Option('--part <side>', 'only images of this part of the run’s split').choices([
        'train',
        'validation',
      ]),
    );
}

/** The images that the options name. */
export function imagesAsked(options: JudgedImagesOptions): JudgedImages {
  const { data, labels, part } = options;
  if (data === undefined) return { kind: 'own', part: part ?? 'validation' };
  const columns = columnsOf(options);
  return {
    ...{ kind: 'folder', folder: measuredFolder(data, options), labels: labels ?? null, part: part ?? null },
    ...(columns === null ? {} : { columns }),
    ...(options.parts ? {} : { subfolders: 'classes' }),
  };
}

/**
 * For a data set in parts the test part is evaluated, or else its validation part; a side of the run's split belongs to
 * `train`.
 */
function measuredFolder(data: string, { part, ...options }: JudgedImagesOptions): string {
  const folder = resolve(data);
  const parts = resolveParts(folder, subfoldersOf(options));
  if (parts.train === folder) return folder;
  const chosen = part === undefined ? (parts.test ?? parts.validation ?? parts.train) : parts.train;
  log(`measuring on ${chosen}`);
  return chosen;
}
