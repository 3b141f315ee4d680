import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { runFolderAt } from '../runs/folder/runFolder.ts';
import {
  evaluationsIn,
  openEvaluationLogits,
  readEvaluation,
  type KeptEvaluation,
} from './evaluationFolder.ts';
import type { LogitsFile } from './logitsFile.ts';

/** Where the evaluations of a run are kept. */
export interface EvaluationPlace {
  /** The folder of the run. */
  readonly run: string;
  /** The lab's cache folder, for those of a run folder that cannot be written. */
  readonly cacheFolder: string;
}

/** A kept evaluation with its logits, labels, names and digests, until `rows` are closed. */
export interface OpenEvaluation extends KeptEvaluation {
  readonly rows: LogitsFile;
}

/** The folders that hold the evaluations of a run, one folder for each: first that of the run, then the lab's own. */
export function evaluationFolders({ run, cacheFolder }: EvaluationPlace): readonly [string, string] {
  return [runFolderAt(run).files.evaluations, cachedEvaluations(run, cacheFolder)];
}

/** The folder for the evaluations of a run whose own folder cannot be written. */
export function cachedEvaluations(run: string, cacheFolder: string): string {
  return path.join(cacheFolder, 'evaluations', path.basename(path.resolve(run)));
}

/** All evaluations of a run, the newest first; damaged ones are left out. */
export async function listKeptEvaluations(place: EvaluationPlace): Promise<KeptEvaluation[]> {
  const found = new Map<string, KeptEvaluation>();
  for (const folder of evaluationFolders(place))
    for (const kept of await evaluationsIn(folder))
      if (!found.has(kept.record.id)) found.set(kept.record.id, kept);
  return [...found.values()].sort((a, b) => b.record.createdAt.localeCompare(a.record.createdAt));
}

/** The folder of an evaluation of a run. Throws `AppError('run-not-found')` where there is none. */
export function findEvaluationFolder(place: EvaluationPlace, id: string): string {
  const folders = evaluationFolders(place).map((parent) => path.join(parent, id));
  const found = folders.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw noEvaluation(place);
}

/** The error for an evaluation that is not there. */
export function noEvaluation({ run }: EvaluationPlace): AppError {
  const said = message('evaluating.none', { run: path.basename(run) });
  return new AppError('run-not-found', said, { where: run });
}

/**
 * Reads an evaluation of a run by its id. Throws `AppError`: 'run-not-found' where there is none, 'run-invalid' for a
 * damaged one.
 */
export async function findKeptEvaluation(place: EvaluationPlace, id: string): Promise<KeptEvaluation> {
  const folder = findEvaluationFolder(place, id);
  return { folder, record: await readEvaluation(folder) };
}

/**
 * Opens an evaluation of a run by its id. The caller closes `rows`. Throws as `findKeptEvaluation`, and
 * `AppError('run-invalid')` for damaged logits.
 */
export async function openKeptEvaluation(place: EvaluationPlace, id: string): Promise<OpenEvaluation> {
  const kept = await findKeptEvaluation(place, id);
  return { ...kept, rows: await openEvaluationLogits(kept.folder, kept.record) };
}
