import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { errnoOf, writeFileAtomic } from '../../files/atomicFile.ts';
import type { FolderScan } from '../../data/scan/scanFolder.ts';
import type { ImageSplit } from '../../data/split/splitImages.ts';
import { runFolderAt, type RunFolder } from '../folder/runFolder.ts';

/**
 * `split.json` records which images trained and which validated, by their content. A folder that was moved, extended or
 * whose files were renamed is therefore still split in the same way.
 */
const splitSchema = z.object({
  format: z.literal('normlab-split'),
  version: z.literal(1),
  /** Digests of 40 hexadecimal digits, one after another; copies of an image share one. */
  train: z.string().regex(/^([0-9a-f]{40})*$/),
  validation: z.string().regex(/^([0-9a-f]{40})*$/),
});

export type SplitPart = 'train' | 'validation';

/** The digests of a part's images. */
export type StoredSplit = Readonly<Record<SplitPart, ReadonlySet<string>>>;

interface Part {
  readonly scan: FolderScan;
  readonly indices: Uint32Array;
}

/** Writes the split of a run beside its manifest. Throws as `writeFileAtomic` does. */
export async function writeSplit(run: RunFolder, train: Part, validation: Part | null): Promise<void> {
  const digestsOf = (part: Part | null): string =>
    part === null
      ? ''
      : [...new Set(Array.from(part.indices, (index) => part.scan.digests.hexAt(index)))].sort().join('');
  const split: z.infer<typeof splitSchema> = {
    format: 'normlab-split',
    version: 1,
    train: digestsOf(train),
    validation: digestsOf(validation),
  };
  await writeFileAtomic(run.files.split, `${JSON.stringify(split)}\n`);
}

/** Whether a text is that of a `split.json`. */
export function isSplit(text: string): boolean {
  try {
    return splitSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/**
 * Reads the split of a run. Throws `AppError`: 'run-not-found' for a run without a split, 'run-invalid' for an invalid
 * one.
 */
export async function readSplit(folder: string): Promise<StoredSplit> {
  const { files } = runFolderAt(folder);
  const text = await readFile(files.split, 'utf8').catch((thrown: unknown) => {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
    throw new AppError('run-not-found', message('runs.noSplit', { folder }), { where: folder });
  });
  try {
    const { train, validation } = splitSchema.parse(JSON.parse(text));
    return { train: digestSet(train), validation: digestSet(validation) };
  } catch (cause) {
    throw new AppError('run-invalid', message('runs.splitDamaged', { file: files.split }), {
      where: files.split,
      cause,
    });
  }
}

/**
 * Splits a folder as a run was split: images that validated there validate, all others train. `unknown` counts the
 * images that the run had not seen.
 */
export function splitAsStored(
  scan: FolderScan,
  stored: StoredSplit,
): ImageSplit & { readonly unknown: number } {
  const indices = [...scan.images.keys()];
  const isValidation = indices.map((index) => stored.validation.has(scan.digests.hexAt(index)));
  const side = (wanted: boolean): Uint32Array =>
    Uint32Array.from(indices.filter((index) => isValidation[index] === wanted));
  const train = side(false);
  const unknown = train.reduce(
    (count, index) => count + (stored.train.has(scan.digests.hexAt(index)) ? 0 : 1),
    0,
  );
  return { train, validation: side(true), unknown };
}

/**
 * The images of a folder that belong to one side of a run's split. Throws `AppError('folder-no-images')` when there are
 * none.
 */
export function partOfSplit(scan: FolderScan, stored: StoredSplit, part: SplitPart): Uint32Array {
  const found = Uint32Array.from(
    [...scan.images.keys()].filter((index) => stored[part].has(scan.digests.hexAt(index))),
  );
  if (found.length > 0) return found;
  const key = part === 'train' ? 'runs.noneInTrainPart' : 'runs.noneInValidationPart';
  throw new AppError('folder-no-images', message(key, { root: scan.root }), { where: scan.root });
}

function digestSet(text: string): Set<string> {
  return new Set(Array.from({ length: text.length / 40 }, (_, at) => text.slice(at * 40, at * 40 + 40)));
}
