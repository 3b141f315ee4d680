import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { lookOf } from '#core/document/lookalikes.ts';
import { message } from '#core/words/message.ts';
import type { FolderScan } from '../../data/scan/scanFolder.ts';

/**
 * Numbers the classes of a scanned folder as `classNames` does, by name or else by what the name looks like (another
 * disk may store its letters decomposed): a validation folder may lack some of the trained classes. Throws
 * `AppError('folder-classes-differ')` for one that was not trained.
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

/** Gives the number of a class name; undefined for a stranger. */
function classNumbers(classNames: readonly string[]): (name: string) => number | undefined {
  const exact = new Map(classNames.map((name, index) => [name, index]));
  const looks = new Map(classNames.map((name, index) => [lookOf(name), index]));
  return (name) => exact.get(name) ?? looks.get(lookOf(name));
}
