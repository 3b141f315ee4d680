import { readFile, stat } from 'node:fs/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { readProblem } from '../files/systemErrors.ts';

/** Largest text of a licence, in bytes: it is shown as a whole. */
const MOST_BYTES = 1024 ** 2;

/** The text of a licence that the user has as a file. Throws `AppError('arguments')` where it cannot be read. */
export async function readLicence(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= MOST_BYTES) return await readFile(file, 'utf8');
  } catch (error) {
    throw refusal(file, readProblem(error, file));
  }
  throw refusal(file, message('importing.licenceTooLong'));
}

function refusal(file: string, why: Message): AppError {
  return new AppError('arguments', message('importing.noLicence', { file, why }), { where: file });
}
