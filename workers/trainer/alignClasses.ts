import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { FolderScan } from '../data/scanFolder.ts';

/**
 * Numbers the classes of a scanned folder as `classNames` does, by name: a validation folder may lack some of the trained
 * classes. Throws `AppError('folder-classes-differ')` for one that was not trained.
 */
export function alignClasses(scan: FolderScan, classNames: readonly string[], folder: string): FolderScan {
  const numberOf = new Map(classNames.map((name, index) => [name, index]));
  const strangers = scan.classes.filter(({ name }) => !numberOf.has(name)).map(({ name }) => `“${name}”`);
  if (strangers.length > 0) {
    throw new AppError(
      'folder-classes-differ',
      `“${folder}” has ${strangers.length === 1 ? 'a class' : 'classes'} that the network was not trained on: ` +
        `${strangers.slice(0, 3).join(', ')}${strangers.length > 3 ? ', …' : ''}; its subfolders must be named as those of the ` +
        `training folder (${classNames.slice(0, 5).join(', ')}${classNames.length > 5 ? ', …' : ''}).`,
      { where: folder },
    );
  }
  const counts = new Map(scan.classes.map(({ name, count }) => [name, count]));
  return {
    ...scan,
    classes: classNames.map((name) => ({ name, count: counts.get(name) ?? 0 })),
    images: scan.images.withClasses(
      scan.classes.map(({ name }) => must(numberOf.get(name), `number of class ${name}`)),
    ),
  };
}
