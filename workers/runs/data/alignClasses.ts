import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { lookOf } from '#core/document/lookalikes.ts';
import { message } from '#core/words/message.ts';
import type { FolderScan } from '../../data/scan/scanFolder.ts';

/**
 * Numbers the classes of a scanned folder in the order of `classNames`. Names match exactly, or else by their
 * normalized form, since another disk may store letters decomposed. A validation folder may lack some of the trained
 * classes. Throws `AppError('folder-classes-differ')` for a class that was not trained.
 */
export function alignClasses(scan: FolderScan, classNames: readonly string[], folder: string): FolderScan {
  const numberOf = classNumbers(classNames);
  const strangers = scan.classes
    .filter(({ name }) => numberOf(name) === undefined)
    .map(({ name }) => `“${name}”`);
  if (strangers.length > 0) {
    const said = message(strangers.length === 1 ? 'folders.otherClass' : 'folders.otherClasses', {
      path: folder,
      names: firstOf(strangers, 3),
      known: firstOf(classNames, 5),
    });
    throw new AppError('folder-classes-differ', said, { where: folder });
  }
  const counts = new Map(scan.classes.map(({ name, count }) => [numberOf(name), count]));
  return {
    ...scan,
    classes: classNames.map((name, index) => ({ name, count: counts.get(index) ?? 0 })),
    images: scan.images.withClasses(
      scan.classes.map(({ name }) => must(numberOf(name), `number of class ${name}`)),
    ),
  };
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
