import { rm } from 'node:fs/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { toOutputError } from '../files/atomicFile.ts';
import type { StoredModel } from './modelsFolder.ts';

/**
 * Deletes a model of the models folder with its files. Throws `AppError`: 'arguments' for one that comes with NormLab,
 * 'output-not-writable' or 'io'.
 */
export async function removeModel({ folder, isShipped, record }: StoredModel): Promise<void> {
  const { name } = record;
  if (isShipped)
    throw new AppError('arguments', message('importing.shippedStays', { name }), { where: name });
  try {
    await rm(folder, { recursive: true });
  } catch (error) {
    throw toOutputError(error, folder);
  }
}
