import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { differingImages, type PairList } from '#core/evaluation/pairLists.ts';
import type { PairRecord } from '#core/evaluation/pairRecord.ts';
import type { SideScores } from '#core/evaluation/pairScores.ts';
import { openPair, type OpenedPair } from '../../pairs/openPair.ts';
import type { PairFound } from '../../pairs/pairRequest.ts';
import { writePairReport, writePairTables } from '../../pairs/writePair.ts';
import { ThreadTasks, type ThreadTask } from '../../threads/threadTasks.ts';
import { COMPARING } from './taskWords.ts';

/** Two evaluations, each with the folder of its run. */
type Asked<T = unknown> = PairFound & T;
type Page = Omit<LabParams<'pair.images'>, 'first' | 'second'>;
type Written = Pick<LabParams<'pair.write'>, 'what' | 'language' | 'overwrite'> & { readonly path: string };
interface Task {
  readonly taskId: string;
}

/** The calls of the thread that compares evaluations for the host. The last comparison stays in memory. */
export interface PairReadingHandlers {
  readonly [method: string]: (params: never) => unknown;
  readonly open: (asked: Asked<Task>) => Promise<PairRecord>;
  readonly images: (asked: Asked<Page>) => Promise<LabResult<'pair.images'>>;
  readonly write: (asked: Asked<Written & Task>) => Promise<null>;
  readonly cancel: (task: Task) => void;
}

export function pairReadingHandlers(
  { cacheFolder }: { readonly cacheFolder: string },
  tell: (event: unknown) => void,
): PairReadingHandlers {
  const tasks = new ThreadTasks(tell, COMPARING);
  const opened = lastPair(cacheFolder);
  let order: { readonly key: string; readonly images: Uint32Array } | null = null;
  const ordered = (pair: OpenedPair, list: PairList): Uint32Array => {
    const key = `${pair.record.first.id} ${pair.record.second.id} ${list}`;
    if (order?.key !== key) order = { key, images: differingImages(pair.scores, list) };
    return order.images;
  };
  return {
    open: ({ taskId, ...asked }) => tasks.run(taskId, async (task) => (await opened(asked, task)).record),
    images: async ({ list, from, count, ...asked }) => {
      const pair = await opened(asked);
      const images = ordered(pair, list);
      const rows = [...images.subarray(from, from + count)].map((image) => rowOf(pair, image));
      return { total: images.length, images: rows };
    },
    write: ({ taskId, what, path, overwrite, language, ...asked }) =>
      tasks.run(taskId, async (task) => {
        const pair = await opened(asked, task);
        if (what === 'report') await writePairReport(path, pair, { language, overwrite, ...task });
        else await writePairTables(path, pair, { overwrite, ...task });
        return null;
      }),
    cancel: ({ taskId }) => tasks.cancel(taskId),
  };
}

/** Opens comparisons; the last one stays in memory, and those who ask for it meanwhile share it. */
function lastPair(cacheFolder: string): (asked: PairFound, task?: ThreadTask) => Promise<OpenedPair> {
  let last: { readonly key: string; readonly pair: Promise<OpenedPair> } | null = null;
  const open = (key: string, asked: PairFound, task?: ThreadTask): Promise<OpenedPair> => {
    const { signal, onProgress } = task ?? {};
    const pair = openPair(asked, {
      cacheFolder,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    last = { key, pair };
    pair.catch(() => {
      if (last?.pair === pair) last = null;
    });
    return pair;
  };
  return async ({ first, second }, task) => {
    const key = JSON.stringify([first.run, first.id, second.run, second.id]);
    const shared = last?.key === key ? last.pair : null;
    try {
      return await (shared ?? open(key, { first, second }, task));
    } catch (error) {
      // The one who began it has cancelled it; the others still want it.
      const isOfOthers = shared !== null && error instanceof AppError && error.code === 'interrupted';
      if (!isOfOthers) throw error;
      return open(key, { first, second }, task);
    }
  };
}

function rowOf(
  { images, files, scores: { labels, first, second } }: OpenedPair,
  image: number,
): LabResult<'pair.images'>['images'][number] {
  return {
    ...{ image: images.first[image] ?? 0, file: files[image] ?? '', truth: labels[image] ?? 0 },
    ...{ first: answerOf(first, image), second: answerOf(second, image) },
  };
}

function answerOf(
  { decided, confidence, ownProbability }: SideScores,
  image: number,
): { class: number; probability: number | null; trueProbability: number | null } {
  return {
    class: decided[image] ?? 0,
    probability: finite(confidence[image]),
    trueProbability: finite(ownProbability[image]),
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
