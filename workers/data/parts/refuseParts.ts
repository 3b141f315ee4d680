import { join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import type { FolderWalk } from '../walk/walkFolder.ts';
import { judgeParts } from './judgeParts.ts';
import { outlineWalk } from './outline.ts';

/**
 * Refuses to take the parts of a set as classes: a network would learn to distinguish `train` from `test`. Throws
 * `AppError('folder-in-parts')` that names the folder to choose.
 */
export function refuseParts(walk: FolderWalk): void {
  const verdict = judgeParts(outlineWalk(walk));
  if (verdict.kind === 'classes') return;
  const at = (name: string): string => `“${join(walk.root, name)}”`;
  const [first = '', ...rest] = verdict.kind === 'unclear' ? verdict.names : [verdict.train];
  const names = verdict.kind === 'unclear' ? [first, ...rest] : partNames(verdict);
  const other = verdict.kind === 'parts' ? (verdict.validation ?? verdict.test) : null;
  const choose =
    other === null
      ? message('folders.chooseOne', { train: at(first) })
      : message('folders.chooseBoth', { train: at(first), validation: at(other) });
  const values = { names: quoted(names), root: walk.root, choose };
  const said =
    verdict.shared.length === 0
      ? message('folders.partsCalled', values)
      : message('folders.partsAlike', { ...values, shared: quoted(verdict.shared) });
  throw new AppError('folder-in-parts', said, { where: walk.root });
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

function quoted(names: readonly string[]): string[] {
  const shown = names.slice(0, 5).map((name) => `“${name}”`);
  return names.length > 5 ? [...shown, '…'] : shown;
}
