import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  EVALUATION_FILES,
  evaluationRecordSchema,
  type EvaluationRecord,
} from '#core/evaluation/evaluationRecord.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { errnoOf } from '../files/atomicFile.ts';
import { openLogitsFile, type LogitsFile } from './logitsFile.ts';

/** An evaluation in its folder. */
export interface KeptEvaluation {
  readonly folder: string;
  readonly record: EvaluationRecord;
}

/** The evaluations in a folder that holds one folder for each, by its id; damaged ones are left out. */
export async function evaluationsIn(folder: string): Promise<KeptEvaluation[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found: KeptEvaluation[] = [];
  for (const name of names.filter((each) => !each.startsWith('.'))) {
    const each = path.join(folder, name);
    const record = await readEvaluation(each).catch(() => null);
    if (record?.id === name) found.push({ folder: each, record });
  }
  return found;
}

/** The record of an evaluation. Throws `AppError('run-invalid')` for a missing or a damaged one. */
export async function readEvaluation(folder: string): Promise<EvaluationRecord> {
  const file = path.join(folder, EVALUATION_FILES.record);
  try {
    return evaluationRecordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new AppError('run-invalid', message('evaluating.damaged', { file }), { where: file, cause });
  }
}

/** The logits of an evaluation. Throws `AppError('run-invalid')` for a missing or a damaged file. */
export function openEvaluationLogits(
  folder: string,
  { readout }: Pick<EvaluationRecord, 'readout'>,
): Promise<LogitsFile> {
  return openLogitsFile(path.join(folder, EVALUATION_FILES.logits), readout);
}

/** Throws `AppError('output-foreign')` for a folder with other files than those of an evaluation. */
export async function ownEvaluationFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  const own = new Set<string>(Object.values(EVALUATION_FILES));
  const foreign = names.filter((name) => !own.has(name)).sort();
  if (foreign.length === 0) return names;
  const said = message('files.foreignInBundle', { path: folder, names: foreign.slice(0, 5) });
  throw new AppError('output-foreign', said, { where: folder });
}
