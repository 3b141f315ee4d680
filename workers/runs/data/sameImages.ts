import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { countClasses } from '../../data/split/classCounts.ts';
import type { FoundData, PreparedData } from './prepareData.ts';
import { readSplit, type StoredSplit } from './runSplit.ts';

/** Names told in one sentence. */
const EXAMPLES = 3;

/**
 * Proves that the folders hold the images that a run was begun with: names and sizes by its fingerprint, contents by its split.
 * Throws `AppError('folder-classes-differ')`, which says how many are new and how many are gone.
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
  const folders = other === scan ? `“${scan.root}”` : `“${scan.root}” or “${other.root}”`;
  throw new AppError(
    'folder-classes-differ',
    `The images in ${folders} are not those that the run in ${out} was begun with${change ?? ': names or sizes differ'}; ` +
      'bring the folder back to what it was, or start a new run in another folder.',
    { where: scan.root },
  );
}

/** Other classes of the same images, as the rest of a sentence; null when they are the same. */
function classChange({ classNames }: RunManifest, found: FoundData): string | null {
  const isSame = JSON.stringify(classNames) === JSON.stringify(found.classNames);
  return isSame ? null : `: the classes were ${namesOf(classNames)} and are ${namesOf(found.classNames)}`;
}

/** What differs in content, as the rest of a sentence; null when nothing does. */
function contentChange(found: FoundData, stored: StoredSplit): string | null {
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
  const told = fresh.length === 0 ? '' : ` (${namesOf(fresh)})`;
  return `: ${fresh.length} new or changed${told}, ${gone} gone or changed`;
}

/**
 * Same files, but not the same ones can be read as when the run was begun: the order of the images would shift. Throws
 * `AppError('image-unreadable')`.
 */
export function refuseLostImages(out: string, { data: before }: RunManifest, data: PreparedData): void {
  const now = { train: data.train.size, validation: data.validation?.size ?? 0 };
  if (before.trainImages === now.train && before.validationImages === now.validation) return;
  const unreadable = [...data.train.skipped, ...(data.validation?.skipped ?? [])].map(
    ({ file, reason }) => `${file}: ${reason}`,
  );
  const told = unreadable.length === 0 ? '' : `; not readable: ${namesOf(unreadable)}`;
  throw new AppError(
    'image-unreadable',
    `Of the images of the run in ${out}, ${before.trainImages + before.validationImages} could be read when it began, and ` +
      `${now.train + now.validation} now${told}; bring them back to what they were, or start a new run in another folder.`,
    { where: out },
  );
}

/**
 * Notes on classes that have lost every training picture between the scan and decoding. Throws `AppError('folder-one-class')` when
 * fewer than two classes are left.
 */
export function lostClassNotes({ classNames, train }: FoundData, data: PreparedData): string[] {
  const found = countClasses(
    Int32Array.from(train.indices, (index) => train.scan.images.classOf(index)),
    classNames.length,
  );
  const counts = countClasses(data.train.labels, classNames.length);
  const inhabited = (list: readonly number[]): number => list.filter((count) => count > 0).length;
  if (inhabited(counts) < 2 && inhabited(found) >= 2) {
    const first = data.train.skipped[0];
    const reason = first === undefined ? '' : ` (${first.file}: ${first.reason})`;
    const message = `The training images of only one class of “${train.scan.root}” can be read${reason}; check the folder.`;
    throw new AppError('folder-one-class', message, { where: train.scan.root });
  }
  return classNames.flatMap((name, at) =>
    counts[at] === 0 && (found[at] ?? 0) > 0
      ? [
          `None of the ${found[at] ?? 0} training images of “${name}” can be read: the network never sees this class.`,
        ]
      : [],
  );
}

function namesOf(names: readonly string[]): string {
  return names.slice(0, EXAMPLES).join(', ') + (names.length > EXAMPLES ? ', …' : '');
}
