import type { Sequence } from '../images/imageList.ts';
import { hasPictureExtension } from '../format/fileNames.ts';
import type { FolderWalk } from '../walk/walkFolder.ts';

/** A class with fewer pictures than this is called small. */
const FEW_IMAGES = 10;
/** Largest class over smallest class from which on a set is called unbalanced. */
const UNBALANCED_FROM = 10;
/** Names listed in one warning before it says "and N more". */
const NAMES_SHOWN = 5;

/** What the warnings are judged by. */
export interface ScanFacts {
  readonly walk: Pick<FolderWalk, 'root' | 'folders' | 'stray'>;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  readonly images: Sequence<{ readonly file: string; readonly classIndex: number }>;
  readonly duplicates: readonly (readonly number[])[];
  /** Images with bands beside grey, colour and transparency. */
  readonly unusedBands?: { readonly count: number; readonly first: string };
}

/** Everything about a folder that a user should know before training on it; one sentence each, in a fixed order. */
export function collectWarnings(facts: ScanFacts): string[] {
  return [
    splitFoldersWarning(facts),
    oneClassWarning(facts),
    emptyFoldersWarning(facts),
    strayWarning(facts),
    smallClassesWarning(facts),
    unbalancedWarning(facts),
    ...duplicateWarnings(facts),
    unusedBandsWarning(facts),
  ].filter((warning) => warning !== null);
}

const TRAIN_NAMES = ['train', 'training'];
const VALIDATION_NAMES = ['val', 'valid', 'validation', 'test', 'testing'];

function splitFoldersWarning({ classes, walk }: ScanFacts): string | null {
  const named = (names: readonly string[]): string | undefined =>
    names
      .map((name) => classes.find((entry) => entry.name.toLowerCase() === name)?.name)
      .find((name) => name !== undefined);
  const train = named(TRAIN_NAMES);
  const validation = named(VALIDATION_NAMES);
  if (train === undefined || validation === undefined) return null;
  const choose = `choose “${walk.root}/${train}” for training and “${walk.root}/${validation}” for validation`;
  return `This folder holds “${train}” and “${validation}”, which look like parts of a set and not like classes: ${choose}.`;
}

function oneClassWarning({ classes, walk, images }: ScanFacts): string | null {
  const [only] = classes;
  if (only === undefined || classes.length > 1) return null;
  const inner = new Set(
    [...images]
      .map((image) => image.file.split('/'))
      .filter((parts) => parts.length > 2)
      .map((parts) => parts[1]),
  );
  const start = `There is only one class, “${only.name}”; training needs at least two.`;
  if (inner.size < 2) return start;
  return `${start} If the folders inside it are the classes, choose “${walk.root}/${only.name}”.`;
}

function emptyFoldersWarning({ walk, classes }: ScanFacts): string | null {
  const used = new Set(classes.map((entry) => entry.name));
  const empty = walk.folders.map((folder) => folder.name).filter((name) => !used.has(name));
  if (empty.length === 0) return null;
  const what =
    empty.length === 1
      ? 'Folder without a usable image, not a class'
      : 'Folders without a usable image, not classes';
  return `${what}: ${listNames(empty)}.`;
}

function strayWarning({ walk }: ScanFacts): string | null {
  const stray = walk.stray.filter(hasPictureExtension);
  if (stray.length === 0) return null;
  const what = stray.length === 1 ? '1 image lies' : `${stray.length} images lie`;
  return `${what} beside the class folders and have no class, so they are left out: ${listNames(stray)}.`.replace(
    /^1 image lies beside the class folders and have no class, so they are/,
    '1 image lies beside the class folders and has no class, so it is',
  );
}

function smallClassesWarning({ classes }: ScanFacts): string | null {
  const small = classes.filter((entry) => entry.count < FEW_IMAGES);
  if (small.length === 0) return null;
  const names = small.map((entry) => `${entry.name} (${entry.count})`);
  return `Fewer than ${FEW_IMAGES} images in ${small.length === 1 ? 'a class' : 'some classes'}: ${listNames(names)}.`;
}

function unbalancedWarning({ classes }: ScanFacts): string | null {
  const byCount = [...classes].sort((a, b) => a.count - b.count);
  const least = byCount[0];
  const most = byCount.at(-1);
  if (least === undefined || most === undefined || most.count < least.count * UNBALANCED_FROM) return null;
  const counts = `${most.name} has ${most.count} images, ${least.name} only ${least.count}`;
  return `The classes are very unequal: ${counts}. Accuracy will mostly tell about the large ones.`;
}

function duplicateWarnings({ images, duplicates }: ScanFacts): (string | null)[] {
  const largest = duplicates.reduce((most, group) => Math.max(most, group.length), 0);
  if (largest === images.length && images.length > 1)
    return ['All images are the same picture, byte for byte.'];
  const acrossClasses = duplicates.filter(
    (group) => new Set(group.map((index) => images.at(index)?.classIndex)).size > 1,
  );
  return [acrossWarning(acrossClasses, images), copiesWarning(duplicates.length - acrossClasses.length)];
}

/** What to say of validation pictures that were trained on; null when there are none. */
export function sharedImagesWarning(
  shared: readonly { readonly here: string; readonly there: string }[],
): string | null {
  const [first] = shared;
  if (first === undefined) return null;
  const what = shared.length === 1 ? '1 validation image is' : `${shared.length} validation images are`;
  return `${what} byte for byte in the training images too, so validation looks better than it is: ${first.there} = ${first.here}${shared.length > 1 ? ', …' : ''}.`;
}

function acrossWarning(groups: readonly (readonly number[])[], images: ScanFacts['images']): string | null {
  const [first] = groups;
  if (first === undefined) return null;
  const example = listNames(
    first.map((index) => images.at(index)?.file ?? ''),
    ' = ',
  );
  const what = groups.length === 1 ? '1 picture stands' : `${groups.length} pictures stand`;
  return `${what} under more than one class, byte for byte the same: ${example}.`;
}

function copiesWarning(groups: number): string | null {
  if (groups === 0) return null;
  const what = groups === 1 ? '1 picture is' : `${groups} pictures are`;
  return `${what} there more than once within a class; copies are kept on the same side of the split.`;
}

function unusedBandsWarning({ unusedBands }: ScanFacts): string | null {
  if (unusedBands === undefined || unusedBands.count === 0) return null;
  const { count, first } = unusedBands;
  const what = count === 1 ? '1 TIFF image has' : `${count} TIFF images have`;
  return `${what} bands beside grey or colour (${count === 1 ? '' : 'first: '}${first}); those bands are not used.`;
}

function listNames(names: readonly string[], separator = ', '): string {
  const shown = names.slice(0, NAMES_SHOWN).join(separator);
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}
