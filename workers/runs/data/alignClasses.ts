import { AppError } from '#core/diagnostics/appError.ts';
import { lookOf } from '#core/document/lookalikes.ts';
import { message } from '#core/words/message.ts';
import type { FolderScan } from '../../data/scan/scanFolder.ts';

/** A folder whose classes were matched by name with those of a network. */
export interface MatchedScan {
  /**
   * With the classes of the network. Images of classes that the network does not have keep their place in the list;
   * their class number is the number of classes.
   */
  readonly scan: FolderScan;
  /** Classes of the network without an image in the folder. */
  readonly missing: readonly string[];
  /** Classes of the folder that the network does not have. */
  readonly extra: readonly { readonly name: string; readonly images: number }[];
}

/**
 * Numbers the classes of a scanned folder in the order of `classNames`. Names match exactly, or else by their
 * normalized form, since another disk may store letters decomposed. A validation folder may lack some of the trained
 * classes. Throws `AppError('folder-classes-differ')` for a class that was not trained.
 */
export function refuseExtraClasses(
  scan: FolderScan,
  classNames: readonly string[],
  folder: string,
): MatchedScan {
  const matched = matchClasses(scan, classNames);
  if (matched.extra.length > 0) throw otherClasses(matched, classNames, folder);
  return matched;
}

/**
 * As `refuseExtraClasses`, for a folder that may have classes of its own. Throws `AppError('folder-classes-differ')`
 * where it has no class of the network.
 */
export function alignSomeClasses(
  scan: FolderScan,
  classNames: readonly string[],
  folder: string,
): MatchedScan {
  const matched = matchClasses(scan, classNames);
  if (matched.missing.length === classNames.length) throw otherClasses(matched, classNames, folder);
  return matched;
}

function matchClasses(scan: FolderScan, classNames: readonly string[]): MatchedScan {
  const numberOf = classNumbers(classNames);
  const counts = new Map(scan.classes.map(({ name, count }) => [numberOf(name), count]));
  const classes = classNames.map((name, index) => ({ name, count: counts.get(index) ?? 0 }));
  const numbers = scan.classes.map(({ name }) => numberOf(name) ?? classNames.length);
  return {
    scan: { ...scan, classes, images: scan.images.withClasses(numbers) },
    missing: classes.flatMap(({ name, count }) => (count === 0 ? [name] : [])),
    extra: scan.classes
      .filter(({ name }) => numberOf(name) === undefined)
      .map(({ name, count: images }) => ({ name, images })),
  };
}

function otherClasses({ extra }: MatchedScan, classNames: readonly string[], folder: string): AppError {
  const strangers = extra.map(({ name }) => `“${name}”`);
  const said = message(strangers.length === 1 ? 'folders.otherClass' : 'folders.otherClasses', {
    path: folder,
    names: firstOf(strangers, 3),
    known: firstOf(classNames, 5),
  });
  return new AppError('folder-classes-differ', said, { where: folder });
}

function firstOf(names: readonly string[], most: number): string[] {
  return names.length > most ? [...names.slice(0, most), '…'] : [...names];
}

/** Returns a function from a class name to its number; undefined for an unknown name. */
function classNumbers(classNames: readonly string[]): (name: string) => number | undefined {
  const exact = new Map(classNames.map((name, index) => [name, index]));
  const looks = new Map(classNames.map((name, index) => [lookOf(name), index]));
  return (name) => exact.get(name) ?? looks.get(lookOf(name));
}
