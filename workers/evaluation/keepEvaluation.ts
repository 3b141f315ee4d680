import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { toOutputError } from '../files/atomicFile.ts';
import { writeFolderInto } from '../files/folderInPlace.ts';
import { makeFolders } from '../files/makeFolders.ts';
import { openLabHome } from '../files/labHome.ts';
import { ownEvaluationFiles } from './evaluationFolder.ts';
import type { JudgeOptions } from './judgeOptions.ts';
import { evaluationFolders } from './keptEvaluations.ts';

/** Where an evaluation was kept. */
export interface Keeping {
  /** Folder of its files; null where it was not kept. */
  readonly folder: string | null;
  /** Why it was not kept with the run although that was wanted. */
  readonly notKept: Message | null;
}

/**
 * Calls `measure` with an empty folder and keeps that as the evaluation `idOf(result)`, where the same evaluation
 * replaces its former files. One that fails or is cancelled leaves nothing. Where the folder of the run cannot be
 * written, or its disk is full, the next place is taken, with another measurement. Throws what `measure` throws, those
 * of writing, and with `keep: 'lab'` the reason where no place can be written.
 */
export async function keepEvaluation<R>(
  { run, keep, cacheFolder }: Pick<JudgeOptions, 'run' | 'keep' | 'cacheFolder'>,
  idOf: (result: R) => string,
  measure: (folder: string) => Promise<R>,
): Promise<{ readonly result: R } & Keeping> {
  const places = evaluationFolders({ run, cacheFolder: cacheFolder ?? openLabHome().cache });
  const tried = places.slice(0, { none: 0, run: 1, lab: 2 }[keep]);
  let refusal: AppError | null = null;
  for (const parent of tried) {
    try {
      return { ...(await keepIn(parent, idOf, measure)), notKept: whyNot(refusal) };
    } catch (error) {
      if (!isAbout(error, parent)) throw error;
      refusal ??= error;
    }
  }
  if (refusal !== null && keep === 'lab') throw refusal;
  return { result: await forget(measure), folder: null, notKept: whyNot(refusal) };
}

function whyNot(refusal: AppError | null): Message | null {
  return refusal === null ? null : message('evaluating.notKept', { why: refusal.said });
}

async function keepIn<R>(
  parent: string,
  idOf: (result: R) => string,
  measure: (folder: string) => Promise<R>,
): Promise<{ readonly result: R; readonly folder: string }> {
  try {
    makeFolders(parent);
  } catch (error) {
    throw new AppError('output-not-writable', toOutputError(error, parent).said, {
      where: parent,
      cause: error,
    });
  }
  const place = { overwrite: true, ownEntries: ownEvaluationFiles, name: 'evaluation', nameOf: idOf };
  const result = await writeFolderInto(parent, place, measure);
  return { result, folder: path.join(parent, idOf(result)) };
}

/** Whether a folder cannot be written, or has no room. The cache of decoded images may also be on a full disk. */
function isAbout(error: unknown, parent: string): error is AppError {
  if (!(error instanceof AppError) || error.where === undefined) return false;
  const { code, where } = error;
  return ['output-not-writable', 'disk-full'].includes(code) && path.resolve(where) === path.resolve(parent);
}

/** Measures in a temporary folder of the system. */
async function forget<R>(measure: (folder: string) => Promise<R>): Promise<R> {
  const parent = await mkdtemp(path.join(tmpdir(), 'normlab-evaluation-'));
  try {
    return await measure(parent);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
