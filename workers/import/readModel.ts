import { statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { ForeignModel, ModelFile } from '#core/import/foreignModel.ts';
import { message } from '#core/words/message.ts';
import { openModelFile } from './modelFile.ts';
import { readProjectModel } from './readProjectModel.ts';
import { readRunModel } from './readRunModel.ts';
import { readForeign } from './readers.ts';

export interface ReadOptions {
  /** The lab's folder of starting weights, for projects. */
  readonly weightsFolder: string;
  /** Called with the name of each file that is read, beside the given one too. */
  readonly onFile?: ((name: string) => void) | undefined;
}

/**
 * Reads a model: a file of another program, an exported file, a project with starting weights, or a run folder. The
 * first bytes decide how a file is read. Throws `AppError`: 'model-invalid' for a file that is broken or no model,
 * 'model-unsupported' for a model with something that no block expresses, and those of `loadRun` for a run.
 */
export async function readModel(
  given: string,
  { weightsFolder, onFile }: ReadOptions,
): Promise<ForeignModel> {
  if (isFolder(given)) return readRunModel(given);
  const file = openModelFile(given, onFile);
  const project = await readProjectModel(file, [path.dirname(path.resolve(given)), weightsFolder]);
  return project ?? foreign(file);
}

async function foreign(file: ModelFile): Promise<ForeignModel> {
  const model = await readForeign(file);
  if (model !== null) return model;
  throw new AppError('model-invalid', message('importing.notAModel', { file: file.name }), {
    where: file.name,
  });
}

function isFolder(given: string): boolean {
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
}
