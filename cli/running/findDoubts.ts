import { readdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { Doubts } from '#core/evaluation/doubtRows.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message, type Message } from '#core/words/message.ts';
import { pathKind } from '#workers/data/format/fileKinds.ts';
import { findDuplicates } from '#workers/doubts/findDuplicates.ts';
import { findForgottenImages } from '#workers/doubts/findForgottenImages.ts';
import { findSuspects, type RunEvaluation } from '#workers/doubts/findSuspects.ts';
import { openEvaluationLogits } from '#workers/evaluation/evaluationFolder.ts';
import type { Judgement } from '#workers/evaluation/judgeRun.ts';
import type { DoubtChoice } from '../options/doubtOptions.ts';
import { endProgressLine, log, progressLine } from '../output/output.ts';
import { cancelOnSignal } from './cancelOnSignal.ts';

type Evaluated = Pick<Judgement, 'folder' | 'notKept' | 'record'>;

/**
 * Finds what was asked for; undefined for nothing. `judge` evaluates a further run on its own images. Throws
 * `AppError('arguments')` where an evaluation was not kept, and the errors of the search.
 */
export async function findDoubts(
  run: string,
  found: Evaluated,
  choice: DoubtChoice,
  judge: (run: string) => Promise<Evaluated>,
): Promise<Doubts | undefined> {
  const { suspects, duplicates, forgotten } = choice;
  if ((suspects ?? duplicates ?? forgotten) === undefined) return undefined;
  const opened: RunEvaluation[] = [];
  const open = async (each: string, evaluated: Evaluated): Promise<RunEvaluation> => {
    const evaluation = await openEvaluation(each, evaluated);
    opened.push(evaluation);
    return evaluation;
  };
  try {
    const own = await open(run, found);
    for (const other of suspects ? await otherRuns(run, choice.with ?? []) : []) {
      log(`evaluating ${other}`);
      await open(other, await judge(other));
    }
    const abort = new AbortController();
    const work = search(own, opened, choice, abort.signal).finally(endProgressLine);
    return await cancelOnSignal({ cancel: () => abort.abort(), done: work });
  } finally {
    for (const { rows } of opened) await rows.close();
  }
}

async function search(
  own: RunEvaluation,
  all: readonly RunEvaluation[],
  { suspects, duplicates, forgotten }: DoubtChoice,
  signal: AbortSignal,
): Promise<Doubts> {
  const onProgress = (label: Message, done: number, total: number | null): void =>
    progressLine(`${inEnglish(label)}: ${done}${total === null ? '' : ` of ${total}`}`);
  const options = { signal, onProgress };
  return {
    suspects: suspects ? await findSuspects(all, options) : null,
    duplicates: duplicates ? await findDuplicates(own, options) : null,
    forgotten: forgotten ? await findForgottenImages(own, options) : null,
  };
}

async function openEvaluation(run: string, { folder, notKept, record }: Evaluated): Promise<RunEvaluation> {
  if (folder !== null) return { run, record, rows: await openEvaluationLogits(folder, record) };
  throw new AppError('arguments', message('doubts.notKept', { why: notKept ?? message('doubts.noKeep') }));
}

/** The runs that are named, or that a folder of a cross-validation holds; each once, and without the first run. */
async function otherRuns(run: string, named: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const each of named) {
    const folders = pathKind(each) === 'folder' ? await foldsIn(each) : [];
    for (const folder of folders.length === 0 ? [each] : folders) {
      const place = await realpath(folder).catch(() => resolve(folder));
      if (place !== (await realpath(run).catch(() => resolve(run)))) found.set(place, folder);
    }
  }
  return [...found.values()];
}

async function foldsIn(folder: string): Promise<string[]> {
  const folds = (await readdir(folder)).filter((name) => /^fold-\d+$/.test(name));
  const numberOf = (name: string): number => Number(name.slice('fold-'.length));
  return folds.sort((a, b) => numberOf(a) - numberOf(b)).map((name) => join(folder, name));
}
