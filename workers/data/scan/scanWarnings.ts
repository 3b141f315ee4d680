import type { Sequence } from '../images/imageList.ts';
import { hasImageExtension } from '../format/fileNames.ts';
import type { FolderWalk } from '../walk/walkFolder.ts';
import { message, sentences, type Message, type MessageValue } from '#core/words/message.ts';

/** A class with fewer images than this is called small. */
const FEW_IMAGES = 10;
/** Ratio of the largest to the smallest class from which on a set is called unbalanced. */
const UNBALANCED_FROM = 10;
/** Names listed in one warning before it says "and N more". */
const NAMES_SHOWN = 5;

/** The data from which the warnings are derived. */
interface ScanFacts {
  readonly walk: Pick<FolderWalk, 'root' | 'folders' | 'stray'>;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  readonly images: Sequence<{ readonly file: string; readonly classIndex: number }>;
  readonly duplicates: readonly (readonly number[])[];
  /** Images with bands besides grey, colour and transparency. */
  readonly unusedBands?: { readonly count: number; readonly first: string };
}

/** All warnings that a user should see before training on a folder, in a fixed order. */
export function collectWarnings(facts: ScanFacts): Message[] {
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

function splitFoldersWarning({ classes, walk }: ScanFacts): Message | null {
  const named = (names: readonly string[]): string | undefined =>
    names
      .map((name) => classes.find((entry) => entry.name.toLowerCase() === name)?.name)
      .find((name) => name !== undefined);
  const train = named(TRAIN_NAMES);
  const validation = named(VALIDATION_NAMES);
  if (train === undefined || validation === undefined) return null;
  return message('folders.looksLikeParts', { root: walk.root, train, validation });
}

function oneClassWarning({ classes, walk, images }: ScanFacts): Message | null {
  const [only] = classes;
  if (only === undefined || classes.length > 1) return null;
  const inner = new Set(
    [...images]
      .map((image) => image.file.split('/'))
      .filter((parts) => parts.length > 2)
      .map((parts) => parts[1]),
  );
  const { name } = only;
  const said = message('folders.onlyOneClass', { name });
  if (inner.size < 2) return said;
  return sentences(said, message('folders.maybeInside', { root: walk.root, name }));
}

function emptyFoldersWarning({ walk, classes }: ScanFacts): Message | null {
  const used = new Set(classes.map((entry) => entry.name));
  const empty = walk.folders.map((folder) => folder.name).filter((name) => !used.has(name));
  if (empty.length === 0) return null;
  const key = empty.length === 1 ? 'folders.emptyFolder' : 'folders.emptyFolders';
  return message(key, { names: listNames(empty) });
}

function strayWarning({ walk }: ScanFacts): Message | null {
  const stray = walk.stray.filter(hasImageExtension);
  if (stray.length === 0) return null;
  return message('folders.strayImages', { count: stray.length, names: listNames(stray) });
}

function smallClassesWarning({ classes }: ScanFacts): Message | null {
  const small = classes.filter((entry) => entry.count < FEW_IMAGES);
  if (small.length === 0) return null;
  const names = small.map(({ name, count }) => message('folders.classAndCount', { name, images: count }));
  const key = small.length === 1 ? 'folders.smallClass' : 'folders.smallClasses';
  return message(key, { few: FEW_IMAGES, names: listNames(names) });
}

function unbalancedWarning({ classes }: ScanFacts): Message | null {
  const byCount = [...classes].sort((a, b) => a.count - b.count);
  const least = byCount[0];
  const most = byCount.at(-1);
  if (least === undefined || most === undefined || most.count < least.count * UNBALANCED_FROM) return null;
  return message('folders.unequal', {
    ...{ most: most.name, mostImages: most.count },
    ...{ least: least.name, leastImages: least.count },
  });
}

function duplicateWarnings({ images, duplicates }: ScanFacts): (Message | null)[] {
  const largest = duplicates.reduce((most, group) => Math.max(most, group.length), 0);
  if (largest === images.length && images.length > 1) return [message('folders.allTheSame')];
  const acrossClasses = duplicates.filter(
    (group) => new Set(group.map((index) => images.at(index)?.classIndex)).size > 1,
  );
  return [acrossWarning(acrossClasses, images), copiesWarning(duplicates.length - acrossClasses.length)];
}

/** The warning about validation images that are also used for training; null when there are none. */
export function sharedImagesWarning(
  shared: readonly { readonly here: string; readonly there: string }[],
): Message | null {
  const [first] = shared;
  if (first === undefined) return null;
  const examples = [`${first.there} = ${first.here}`, ...(shared.length > 1 ? ['…'] : [])];
  return message('folders.sharedImages', { count: shared.length, examples });
}

function acrossWarning(groups: readonly (readonly number[])[], images: ScanFacts['images']): Message | null {
  const [first] = groups;
  if (first === undefined) return null;
  const files = first.map((index) => images.at(index)?.file ?? '');
  const shown = files.slice(0, NAMES_SHOWN).join(' = ');
  return message('folders.sameAcrossClasses', {
    count: groups.length,
    example: andMore(shown, files.length),
  });
}

function copiesWarning(groups: number): Message | null {
  return groups === 0 ? null : message('folders.copies', { count: groups });
}

function unusedBandsWarning({ unusedBands }: ScanFacts): Message | null {
  if (unusedBands === undefined || unusedBands.count === 0) return null;
  return message('folders.unusedBands', unusedBands);
}

function listNames(names: readonly (string | Message)[]): MessageValue {
  return andMore(names.slice(0, NAMES_SHOWN), names.length);
}

/** The displayed ones of `count` names, and the number of the others. */
function andMore(items: MessageValue, count: number): MessageValue {
  return count > NAMES_SHOWN ? message('plain.listOfMore', { items, more: count - NAMES_SHOWN }) : items;
}
