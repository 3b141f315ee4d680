import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { listSome } from '#core/graph/listSome.ts';
import { message } from '#core/words/message.ts';
import { findModel, listModels, type ModelFolders } from './modelsFolder.ts';

/**
 * The path that `--from` names: a file or a run folder, or else the model of this name in the models folders. Throws
 * `AppError('model-invalid')` when it is none of them.
 */
export function resolveModel(given: string, folders: ModelFolders): string {
  if (existsSync(given)) return path.resolve(given);
  const stored = findModel(folders, given);
  if (stored !== null) return stored.path;
  const names = listModels(folders).map(({ record }) => record.name);
  const known = names.length === 0 ? message('importing.noModels') : listSome(names);
  throw new AppError('model-invalid', message('importing.noModel', { name: given, names: known }), {
    where: given,
  });
}
