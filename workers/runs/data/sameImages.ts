import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { countClasses } from '../../data/split/classCounts.ts';
import type { FoundData, PreparedData } from './prepareData.ts';
import { readSplit, type StoredSplit } from './runSplit.ts';

/** The most names listed in one message. */
const EXAMPLES = 3;

/**
 * Checks that the folders hold the images that a run was started with: names and sizes by its fingerprint, contents by
 * its split. Throws `AppError('folder-classes-differ')` with the numbers of new and of missing images.
 */
export async function refuseOtherImages(out: string, begun: RunManifest, found: FoundData): Promise<void> {
  const stored = await readSplit(out).catch((error: unknown) => {
    // Runs of older versions have no split.
    if (error instanceof AppError && error.code === 'run-not-found') return null;
    throw error;
  });
  const change = (stored === null ? null : contentChange(found, stored)) ?? classChange(begun, found);
  if (begun.data.fingerprint === found.fingerprint && change === null) return;
  const { scan } = found.train;
  const other = found.validation?.scan ?? scan;
  const said = message('runs.otherImages', {
    folders:
      other === scan
        ? `“${scan.root}”`
        : message('runs.oneOrOther', { first: scan.root, second: other.root }),
    run: out,
    change: change ?? message('runs.namesDiffer'),
  });
  throw new AppError('folder-classes-differ', said, { where: scan.root });
}

/** Reports whether the classes of the same images differ; null when they are the same. */
function classChange({ classNames }: RunManifest, found: FoundData): Message | null {
  const isSame = JSON.stringify(classNames) === JSON.stringify(found.classNames);
  if (isSame) return null;
  return message('runs.classesDiffer', { before: namesOf(classNames), now: namesOf(found.classNames) });
}

/** The difference in content; null when there is none. */
function contentChange(found: FoundData, stored: StoredSplit): Message | null {
  const parts = { train: found.train, validation: found.validation };
  const fresh: string[] = [];
  let gone = 0;
  for (const name of ['train', 'validation'] as const) {
    const part = parts[name];
    const left = new Set(stored[name]);
    for (const index of part?.indices ?? []) {
      const digest = part?.scan.digests.hexAt(index) ?? '';
      left.delete(digest);
      if (!stored[name].has(digest)) fresh.push(part?.scan.images.fileOf(index) ?? '');
    }
    gone += left.size;
  }
  if (fresh.length + gone === 0) return null;
  const counts = { fresh: fresh.length, gone };
  return fresh.length === 0
    ? message('runs.contentDiffers', counts)
    : message('runs.contentDiffersAt', { ...counts, names: namesOf(fresh) });
}

/**
 * Refuses the same files when other ones of them are readable than at the start of the run: the order of the images
 * would shift. Throws `AppError('image-unreadable')`.
 */
export function refuseLostImages(out: string, { data: before }: RunManifest, data: PreparedData): void {
  const now = { train: data.train.size, validation: data.validation?.size ?? 0 };
  if (before.trainImages === now.train && before.validationImages === now.validation) return;
  const unreadable = [...data.train.skipped, ...(data.validation?.skipped ?? [])].map((skipped) =>
    message('runs.fileAndReason', { ...skipped }),
  );
  const counts = {
    before: before.trainImages + before.validationImages,
    now: now.train + now.validation,
  };
  const said =
    unreadable.length === 0
      ? message('runs.fewerReadable', { run: out, ...counts })
      : message('runs.fewerReadableNames', { run: out, ...counts, names: namesOf(unreadable) });
  throw new AppError('image-unreadable', said, { where: out });
}

/**
 * Notes on classes that lost all training images between scan and decoding. Throws `AppError('folder-one-class')` when
 * fewer than two classes are left.
 */
export function lostClassNotes({ classNames, train }: FoundData, data: PreparedData): Message[] {
  const found = countClasses(
    Int32Array.from(train.indices, (index) => train.scan.images.classOf(index)),
    classNames.length,
  );
  const counts = countClasses(data.train.labels, classNames.length);
  const inhabited = (list: readonly number[]): number => list.filter((count) => count > 0).length;
  if (inhabited(counts) < 2 && inhabited(found) >= 2) {
    const first = data.train.skipped[0];
    const { root } = train.scan;
    const said =
      first === undefined
        ? message('runs.oneClassReadable', { root })
        : message('runs.oneClassReadableBecause', { root, ...first });
    throw new AppError('folder-one-class', said, { where: root });
  }
  return classNames.flatMap((name, at) =>
    counts[at] === 0 && (found[at] ?? 0) > 0
      ? [message('runs.classUnreadable', { images: found[at] ?? 0, name })]
      : [],
  );
}

function namesOf(names: readonly (string | Message)[]): (string | Message)[] {
  return names.length > EXAMPLES ? [...names.slice(0, EXAMPLES), '…'] : [...names];
}
