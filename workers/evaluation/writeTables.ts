import { lstat, readdir } from 'node:fs/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import type { Doubts } from '#core/evaluation/doubtRows.ts';
import { DOUBT_TABLES, doubtTables } from '#core/evaluation/doubtTables.ts';
import { EVALUATION_FILES } from '#core/evaluation/evaluationRecord.ts';
import {
  EVALUATION_TABLES,
  evaluationTables,
  type NamedJudgement,
} from '#core/evaluation/evaluationTables.ts';
import { message } from '#core/words/message.ts';
import { realTarget } from '../files/atomicFile.ts';
import { refuseTakenFolder, writeFolderInPlace, writeTexts } from '../files/folderInPlace.ts';
import { createPace } from '../threads/pace.ts';
import type { ThreadTask } from '../threads/threadTasks.ts';

interface TablesFolder extends Partial<ThreadTask> {
  readonly overwrite: boolean;
  /** Labels, copies and forgetting, where they were asked for. */
  readonly doubts?: Doubts | undefined;
}

/**
 * Writes every table of an evaluation as CSV into a new folder, with those of `doubts`, and beside them
 * `evaluation.json` with all figures. With `overwrite` it replaces a folder of such files. Throws as
 * `writeFolderInPlace`, and 'interrupted'.
 */
export function writeTables(
  folder: string,
  judged: NamedJudgement,
  { overwrite, doubts, signal, onProgress, commit }: TablesFolder,
): Promise<void> {
  const pace = createPace(signal, undefined, message('files.writingStopped'));
  const place = { overwrite, ownEntries: ownTables, beforePlace: commit };
  return writeFolderInPlace(folder, place, async (temporary) => {
    onProgress?.(message('work.writing'), 0, null);
    const texts = new Map<string, Iterable<string>>(evaluationTables(judged));
    if (doubts !== undefined) for (const [name, parts] of doubtTables(doubts)) texts.set(name, parts);
    texts.set(EVALUATION_FILES.record, [JSON.stringify(judged.record), '\n']);
    await writeTexts(temporary, texts, () => pace.tick(0, null));
  });
}

/** Refuses a folder in which `writeTables` would be refused: better before an evaluation than after it. */
export async function refuseTables(folder: string, overwrite: boolean): Promise<void> {
  await refuseTakenFolder(await realTarget(folder), { overwrite, ownEntries: ownTables });
}

/** Throws `AppError('output-foreign')` for a folder with other files than the tables. */
export async function ownTables(folder: string): Promise<readonly string[]> {
  const names = (await lstat(folder)).isDirectory() ? await readdir(folder) : [];
  const own = new Set<string>([...EVALUATION_TABLES, ...DOUBT_TABLES, EVALUATION_FILES.record]);
  const foreign = names.filter((name) => !own.has(name)).sort();
  if (foreign.length === 0) return names;
  const said = message('files.foreignInBundle', { path: folder, names: foreign.slice(0, 5) });
  throw new AppError('output-foreign', said, { where: folder });
}
