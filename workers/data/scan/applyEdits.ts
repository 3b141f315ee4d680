import type { ImageEdits } from '#core/document/dataSettings.ts';
import { message, type Message } from '#core/words/message.ts';
import { compareNames } from '../walk/compareNames.ts';
import { imageListOf, type ScannedImage } from '../images/imageList.ts';
import type { FolderScan } from './scanFolder.ts';

/** The reason of a skipped file that the project excludes. */
const EXCLUDED = message('images.excluded');

/**
 * The scan with the project's edits: excluded images are skipped, relabelled images belong to the class assigned to
 * them (a new one where the folder has no such class), and a class without images is dropped. Names in the project that
 * are not in the folder are reported in the warnings. Returns the same scan when there is nothing to change.
 */
export function applyEdits(scan: FolderScan, edits: ImageEdits): FolderScan {
  const excluded = new Set(edits.excluded);
  const relabelled = new Map(Object.entries(edits.relabelled));
  if (excluded.size === 0 && relabelled.size === 0) return scan;
  const classOf = (index: number): string =>
    relabelled.get(scan.images.fileOf(index)) ?? scan.classes[scan.images.classOf(index)]?.name ?? '';
  const kept = [...scan.images.keys()].filter((index) => !excluded.has(scan.images.fileOf(index)));
  const names = [...new Set(kept.map(classOf))].sort(compareNames);
  const numbers = new Map(names.map((name, number) => [name, number]));
  const order = Uint32Array.from(
    kept
      .map((index) => ({ index, number: numbers.get(classOf(index)) ?? 0 }))
      // Stable: images of a class keep their order, and relabelled ones follow in the folder's order.
      .sort((a, b) => a.number - b.number)
      .map(({ index }) => index),
  );
  return {
    ...scan,
    classes: countClasses(names, order, classOf),
    images: imageListOf(pick(scan, order, (index) => numbers.get(classOf(index)) ?? 0)),
    digests: scan.digests.pick(order),
    duplicates: renumber(scan.duplicates, order),
    skipped: [
      ...scan.skipped,
      ...edits.excluded.filter(isIn(scan)).map((file) => ({ file, reason: EXCLUDED })),
    ],
    warnings: [...scan.warnings, ...missingWarning(scan, [...excluded, ...relabelled.keys()])],
  };
}

function* pick(
  scan: FolderScan,
  order: Uint32Array,
  numberOf: (index: number) => number,
): Generator<ScannedImage> {
  for (const index of order) {
    const image = scan.images.at(index);
    if (image !== undefined) yield { ...image, classIndex: numberOf(index) };
  }
}

function countClasses(
  names: readonly string[],
  order: Uint32Array,
  classOf: (index: number) => string,
): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const index of order) counts.set(classOf(index), (counts.get(classOf(index)) ?? 0) + 1);
  return names.map((name) => ({ name, count: counts.get(name) ?? 0 }));
}

function renumber(groups: FolderScan['duplicates'], order: Uint32Array): number[][] {
  const numberOf = new Map(Array.from(order, (index, number) => [index, number]));
  return groups
    .map((group) => group.flatMap((index) => numberOf.get(index) ?? []).sort((a, b) => a - b))
    .filter((group) => group.length > 1);
}

function isIn(scan: FolderScan): (file: string) => boolean {
  const files = new Set([...scan.images].map(({ file }) => file));
  return (file) => files.has(file);
}

function missingWarning(scan: FolderScan, named: readonly string[]): Message[] {
  const isThere = isIn(scan);
  const missing = named.filter((file) => !isThere(file));
  const [first] = missing;
  if (first === undefined) return [];
  const names = [`“${first}”`, ...(missing.length > 1 ? ['…'] : [])];
  return [message('folders.missingEdits', { count: missing.length, names })];
}
