import type { ImageQuery } from '#core/contract/evaluationCalls.ts';
import type { LabResult } from '#core/contract/labApi.ts';
import type { Doubts } from '#core/evaluation/doubtRows.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import type { Language } from '#core/words/catalogues.ts';
import { rm } from 'node:fs/promises';
import { readKeptDoubts } from '../../doubts/keptDoubts.ts';
import { evaluatedFiles } from '../../evaluation/evaluatedFiles.ts';
import {
  cachedEvaluations,
  findEvaluationFolder,
  findKeptEvaluation,
  listKeptEvaluations,
} from '../../evaluation/keptEvaluations.ts';
import { removeEvaluation } from '../../evaluation/removeEvaluation.ts';
import { writeReport } from '../../evaluation/writeReport.ts';
import { writeTables } from '../../evaluation/writeTables.ts';
import { ThreadTasks, type ThreadTask } from '../../threads/threadTasks.ts';
import { thumbnailPng } from '../data/thumbnail.ts';
import { imagePage } from './imagePage.ts';
import { WRITING } from './taskWords.ts';
import { ScoredEvaluations, type ScoredEvaluation } from './scoredEvaluations.ts';

/** The start data of the thread that reads evaluations. */
export interface KeptData {
  readonly cacheFolder: string;
}

/** An evaluation, by the folder of its run. */
interface Key {
  readonly run: string;
  readonly id: string;
}

interface Page extends Key {
  readonly query: ImageQuery;
  readonly from: number;
  readonly count: number;
}

interface Write extends Key {
  readonly taskId: string;
  readonly what: 'report' | 'tables';
  readonly language: Language;
  /** The file of the report, or the folder of the tables. */
  readonly path: string;
  readonly overwrite: boolean;
}

/** The methods that read kept evaluations. All paths here have been resolved by the host. */
export function keptHandlers({ cacheFolder }: KeptData, tell: (event: unknown) => void) {
  const evaluations = new ScoredEvaluations();
  const tasks = new ThreadTasks(tell, WRITING);
  const open = ({ run, id }: Key): Promise<ScoredEvaluation> => evaluations.open({ run, cacheFolder }, id);
  return {
    list: async ({ run }: { run: string }): Promise<LabResult<'evaluation.list'>> =>
      (await listKeptEvaluations({ run, cacheFolder })).map(({ record }) => summaryOf(record)),
    open: async ({ run, id }: Key): Promise<EvaluationRecord> =>
      (await findKeptEvaluation({ run, cacheFolder }, id)).record,
    images: async (page: Page): Promise<LabResult<'evaluation.images'>> => imagePage(await open(page), page),
    pictures: async ({ images, sizePx, ...key }: Key & { images: readonly number[]; sizePx: number }) =>
      drawImages(await open(key), images, sizePx),
    remove: ({ run, id }: Key): Promise<void> => removeEvaluation({ run, cacheFolder }, id),
    write: ({ taskId, ...asked }: Write): Promise<void> =>
      tasks.run(taskId, async (task) => {
        const doubts = await readKeptDoubts(findEvaluationFolder({ run: asked.run, cacheFolder }, asked.id));
        await writeEvaluation(await open(asked), { ...asked, ...task, doubts });
      }),
    cancel: ({ taskId }: { readonly taskId: string }): void => tasks.cancel(taskId),
    /** Removes what the lab keeps of a run that is deleted. */
    forget: ({ run }: { run: string }): Promise<void> =>
      rm(cachedEvaluations(run, cacheFolder), { recursive: true, force: true }),
  };
}
export type KeptHandlers = ReturnType<typeof keptHandlers>;

function summaryOf({
  id,
  createdAt,
  model,
  images,
  loss,
  figures,
}: EvaluationRecord): LabResult<'evaluation.list'>[number] {
  const { images: count, accuracy } = figures;
  return { id, createdAt, model, images, loss, count, accuracy: accuracy?.value ?? null };
}

async function drawImages(
  scored: ScoredEvaluation,
  images: readonly number[],
  sizePx: number,
): Promise<LabResult<'evaluation.pictures'>> {
  const pathOf = evaluatedFiles(scored);
  const drawn = await Promise.all(
    images.map(async (image) => {
      const path = await pathOf(image);
      const png = path === null ? null : await thumbnailPng(path, sizePx).catch(() => null);
      return png === null ? null : { image, dataUrl: `data:image/png;base64,${png.toString('base64')}` };
    }),
  );
  return drawn.filter((each) => each !== null);
}

/** Report and tables have what was found about labels, copies and forgetting. */
function writeEvaluation(
  scored: ScoredEvaluation,
  { what, path, ...options }: Omit<Write, 'taskId'> & ThreadTask & { readonly doubts: Doubts },
): Promise<void> {
  if (what === 'tables') return writeTables(path, scored, options);
  return writeReport(path, scored, { ...options, pathOf: evaluatedFiles(scored) });
}
