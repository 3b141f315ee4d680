import { rm } from 'node:fs/promises';
import { toOutputError } from '../files/atomicFile.ts';
import type { StoredModel } from './modelsFolder.ts';

/** Deletes a model of the models folder with its files. Throws `AppError`: 'output-not-writable' or 'io'. */
export async function removeModel({ folder }: StoredModel): Promise<void> {
  try {
    await rm(folder, { recursive: true });
  } catch (error) {
    throw toOutputError(error, folder);
  }
}
