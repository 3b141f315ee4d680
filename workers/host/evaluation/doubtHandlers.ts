import path from 'node:path';
import type { LabApi, LabMethod, LabResult } from '#core/contract/labApi.ts';
import type { DuplicateRow, ForgottenRow } from '#core/evaluation/doubtRows.ts';
import { findDuplicates } from '../../doubts/findDuplicates.ts';
import { findForgottenImages } from '../../doubts/findForgottenImages.ts';
import { findSources } from '../../doubts/findSources.ts';
import { findSuspects } from '../../doubts/findSuspects.ts';
import type { KeptDoubts } from '../../doubts/keptDoubts.ts';
import { thumbnailJpeg } from '../../evaluation/thumbnailJpeg.ts';
import { openRun } from '../../runs/folder/runFolder.ts';
import { doubtShelf, ownOf, type DoubtKey, type DoubtShelf } from './doubtShelf.ts';
import { ThreadTasks, type ThreadTask } from '../../threads/threadTasks.ts';
import { SEARCHING } from './taskWords.ts';

/** The start data of the thread that searches evaluations. */
export interface DoubtData {
  readonly cacheFolder: string;
  /** The folder that holds the folder of each run. */
  readonly runs: string;
}

/** Parameters as the host has parsed them, with the folder of the run in place of its id. */
type Asked<M extends LabMethod> = Omit<Output<M>, 'runId' | 'others'> & { readonly run: string };
type Output<M extends LabMethod> = ReturnType<LabApi[M]['params']['parse']>;

/** The methods that search evaluations for doubtful labels, copies and what was forgotten. */
export function doubtHandlers({ cacheFolder, runs }: DoubtData, tell: (event: unknown) => void) {
  const shelf = doubtShelf(cacheFolder);
  const tasks = new ThreadTasks(tell, SEARCHING);
  return {
    sources: (key: DoubtKey): Promise<LabResult<'doubt.sources'>> => findSources(key, { runs, cacheFolder }),
    suspects: (
      asked: Asked<'doubt.suspects'> & { readonly others: readonly DoubtKey[] },
    ): Promise<LabResult<'doubt.suspects'>> =>
      tasks.run(asked.taskId, async (task) => {
        const { summary, rows } = await suspects(shelf, task, asked);
        const own = rows.filter(({ evaluation }) => evaluation === 0);
        const elsewhere = rows.length - own.length;
        return { summary, found: rows.length, elsewhere, ...(await shelf.page(asked, own, () => true)) };
      }),
    duplicates: (asked: Asked<'doubt.duplicates'>): Promise<LabResult<'doubt.duplicates'>> =>
      tasks.run(asked.taskId, (task) => duplicates(shelf, { ...task, cacheFolder }, asked)),
    forgotten: (asked: Asked<'doubt.forgotten'>): Promise<LabResult<'doubt.forgotten'>> =>
      tasks.run(asked.taskId, (task) => forgotten(shelf, task, asked)),
    copies: (asked: Asked<'doubt.copies'>) => copies(shelf, asked),
    cancel: ({ taskId }: { readonly taskId: string }): void => tasks.cancel(taskId),
  };
}
export type DoubtHandlers = ReturnType<typeof doubtHandlers>;

async function suspects(
  { folderOf, known, keep, opened }: DoubtShelf,
  task: ThreadTask,
  asked: DoubtKey & { readonly others: readonly DoubtKey[] },
): Promise<NonNullable<KeptDoubts['suspects']>> {
  const folder = await folderOf(asked);
  const others = asked.others.map(({ run, id }) => `${path.basename(run)}/${id}`);
  const kept = (await known(folder)).suspects;
  if (kept !== null && kept.others.join() === others.join()) return kept;
  const found = await opened([asked, ...asked.others], (evaluations) => findSuspects(evaluations, task));
  await task.commit();
  await keep(folder, { suspects: { others, ...found } });
  return { others, ...found };
}

async function duplicates(
  { folderOf, known, keep, opened, page }: DoubtShelf,
  task: ThreadTask & { readonly cacheFolder: string },
  asked: Asked<'doubt.duplicates'>,
): Promise<LabResult<'doubt.duplicates'>> {
  const folder = await folderOf(asked);
  const found =
    (await known(folder)).duplicates ?? (await opened([asked], ([own]) => findDuplicates(ownOf(own), task)));
  await task.commit();
  await keep(folder, { duplicates: found });
  const isWanted = ({ isWrong }: DuplicateRow): boolean => isWrong || !asked.onlyWrong;
  return pageOf(found, await page(asked, found.rows, isWanted));
}

async function forgotten(
  { folderOf, known, keep, opened, page }: DoubtShelf,
  task: ThreadTask,
  asked: Asked<'doubt.forgotten'>,
): Promise<LabResult<'doubt.forgotten'>> {
  const folder = await folderOf(asked);
  const found =
    (await known(folder)).forgotten ??
    (await opened([asked], ([own]) => findForgottenImages(ownOf(own), task)));
  await task.commit();
  await keep(folder, { forgotten: found });
  const isWanted = ({ isLost }: ForgottenRow): boolean => isLost || !asked.onlyLost;
  return pageOf(found, await page(asked, found.rows, isWanted));
}

async function copies(
  { folderOf, known }: DoubtShelf,
  { images, sizePx, ...key }: Asked<'doubt.copies'>,
): Promise<LabResult<'doubt.copies'>> {
  const rows = (await known(await folderOf(key))).duplicates?.rows ?? [];
  const { data } = (await openRun(key.run)).manifest;
  const wanted = rows.filter(({ image }) => images.includes(image));
  const drawn = await Promise.all(
    wanted.map(async ({ image, other }) => {
      const root = (other.part === 'validation' ? data.validationFolder : null) ?? data.trainFolder;
      const jpeg = await thumbnailJpeg(path.join(root ?? '', other.file), sizePx).catch(() => null);
      if (jpeg === null) return null;
      return { image, dataUrl: `data:image/jpeg;base64,${jpeg.toString('base64')}` };
    }),
  );
  return drawn.filter((each) => each !== null);
}

function pageOf<S, P>(
  { summary, rows }: { readonly summary: S; readonly rows: readonly unknown[] },
  page: P,
): P & { summary: S; found: number } {
  return { summary, found: rows.length, ...page };
}
