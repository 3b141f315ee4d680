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
import { encodeUtf8 } from '#core/export/utf8.ts';
import { message } from '#core/words/message.ts';
import { realTarget } from '../files/atomicFile.ts';
import { refuseTakenFolder, writeFiles, writeFolderInPlace } from '../files/folderInPlace.ts';

/**
 * Writes every table of an evaluation as CSV into a new folder, with those of `doubts`, and beside them
 * `evaluation.json` with all figures. With `overwrite` it replaces a folder of such files. Throws as
 * `writeFolderInPlace`.
 */
export function writeTables(
  folder: string,
  judged: NamedJudgement,
  overwrite: boolean,
  doubts?: Doubts,
): Promise<void> {
  return writeFolderInPlace(folder, { overwrite, ownEntries: ownTables }, async (temporary) => {
    const texts = new Map<string, string>(evaluationTables(judged));
    if (doubts !== undefined) for (const [name, text] of doubtTables(doubts)) texts.set(name, text);
    texts.set(EVALUATION_FILES.record, `${JSON.stringify(judged.record)}\n`);
    await writeFiles(temporary, new Map([...texts].map(([name, text]) => [name, encodeUtf8(text)])));
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
