import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { ForeignModel, ModelFile } from '#core/import/foreignModel.ts';
import { message } from '#core/words/message.ts';
import { openModelFile } from './modelFile.ts';
import { readProjectModel } from './readProjectModel.ts';
import { readRunModel } from './readRunModel.ts';
import { readForeign } from './readers.ts';
import { runWeightsAt } from './runWeights.ts';

export interface ReadOptions {
  /** The lab's folder of starting weights, for projects. */
  readonly weightsFolder: string;
  /** Called with the name of each file that is read, beside the given one too. */
  readonly onFile?: ((name: string) => void) | undefined;
  /** True: a project without starting weights is a network without values, not an error. */
  readonly canLackWeights?: boolean;
}

/**
 * Reads a model: a file of another program, an exported file, a project with starting weights, a run folder, or one of
 * its weight files. The first bytes decide how a file is read. Throws `AppError`: 'model-invalid' for a file that is
 * broken or no model, 'model-unsupported' for a model with something that no block expresses, and those of `loadRun`
 * for a run.
 */
export async function readModel(
  given: string,
  { weightsFolder, onFile, canLackWeights = false }: ReadOptions,
): Promise<ForeignModel> {
  const run = runWeightsAt(given);
  if (run !== null) return readRunModel(run.folder, run.which);
  const file = openModelFile(given, onFile);
  const folders = [path.dirname(path.resolve(given)), weightsFolder];
  const project = await readProjectModel(file, folders, canLackWeights);
  return project ?? foreign(file);
}

async function foreign(file: ModelFile): Promise<ForeignModel> {
  const model = await readForeign(file);
  if (model !== null) return model;
  throw new AppError('model-invalid', message('importing.notAModel', { file: file.name }), {
    where: file.name,
  });
}
