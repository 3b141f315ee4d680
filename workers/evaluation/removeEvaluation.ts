import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { toOutputError } from '../files/atomicFile.ts';
import { temporaryName } from '../files/temporaryFiles.ts';
import { ownEvaluationFiles } from './evaluationFolder.ts';
import { evaluationFolders, noEvaluation, type EvaluationPlace } from './keptEvaluations.ts';

/**
 * Removes an evaluation of a run, damaged or not, wherever it is kept. Throws `AppError`: 'run-not-found' where there
 * is none, 'output-foreign' where its folder holds other files too, and those of writing; nothing is removed then.
 */
export async function removeEvaluation(place: EvaluationPlace, id: string): Promise<void> {
  const folders = evaluationFolders(place)
    .map((parent) => path.join(parent, id))
    .filter((folder) => existsSync(folder));
  if (folders.length === 0) throw noEvaluation(place);
  for (const folder of folders) await ownEvaluationFiles(folder);
  for (const folder of folders) await removeFolder(folder);
}

/** The rename removes the evaluation from the list in one step, also where the process ends in between. */
async function removeFolder(folder: string): Promise<void> {
  const aside = temporaryName(folder);
  try {
    await rename(folder, aside);
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    throw toOutputError(error, folder);
  }
}
