import { join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { FolderWalk } from '../walk/walkFolder.ts';
import { judgeParts } from './judgeParts.ts';
import { outlineWalk } from './outline.ts';

/**
 * Refuses to take the parts of a set as classes: a network would learn to tell `train` from `test`. Throws
 * `AppError('folder-in-parts')` that names the folder to choose.
 */
export function refuseParts(walk: FolderWalk): void {
  const verdict = judgeParts(outlineWalk(walk));
  if (verdict.kind === 'classes') return;
  const at = (name: string): string => `“${join(walk.root, name)}”`;
  const [first = '', ...rest] = verdict.kind === 'unclear' ? verdict.names : [verdict.train];
  const names = verdict.kind === 'unclear' ? [first, ...rest] : partNames(verdict);
  const alike =
    verdict.shared.length === 0 ? 'are called like' : `all hold ${quoted(verdict.shared)}, so they look like`;
  const other = verdict.kind === 'parts' ? (verdict.validation ?? verdict.test) : null;
  const choose =
    other === null
      ? `choose the one to train on, such as ${at(first)}`
      : `choose ${at(first)} for training and ${at(other)} for validation`;
  throw new AppError(
    'folder-in-parts',
    `The folders ${quoted(names)} in “${walk.root}” ${alike} the parts of a set, not classes: ${choose}. If they are classes all the same, they can be taken as such.`,
    { where: walk.root },
  );
}

function partNames({
  train,
  validation,
  test,
}: {
  train: string;
  validation: string | null;
  test: string | null;
}): string[] {
  return [train, validation, test].filter((name) => name !== null);
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `“${name}”`);
  return shown.join(', ') + (names.length > 5 ? ', …' : '');
}
