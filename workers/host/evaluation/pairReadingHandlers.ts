import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import { differingImages, type PairList } from '#core/evaluation/pairLists.ts';
import type { PairRecord } from '#core/evaluation/pairRecord.ts';
import type { SideScores } from '#core/evaluation/pairScores.ts';
import { openPair, type OpenedPair } from '../../pairs/openPair.ts';
import type { PairFound } from '../../pairs/pairRequest.ts';
import { writePairReport, writePairTables } from '../../pairs/writePair.ts';

/** Two evaluations, each with the folder of its run. */
type Asked<T = unknown> = PairFound & T;
type Page = Omit<LabParams<'pair.images'>, 'first' | 'second'>;
type Written = Pick<LabParams<'pair.write'>, 'what' | 'language' | 'overwrite'> & { readonly path: string };

/** The calls of the thread that compares evaluations for the host. The last comparison stays in memory. */
export interface PairReadingHandlers {
  readonly [method: string]: (params: never) => unknown;
  readonly open: (asked: Asked) => Promise<PairRecord>;
  readonly images: (asked: Asked<Page>) => Promise<LabResult<'pair.images'>>;
  readonly write: (asked: Asked<Written>) => Promise<null>;
}

export function pairReadingHandlers({ cacheFolder }: { readonly cacheFolder: string }): PairReadingHandlers {
  let last: { readonly key: string; readonly pair: Promise<OpenedPair> } | null = null;
  let order: { readonly key: string; readonly images: Uint32Array } | null = null;
  const opened = ({ first, second }: PairFound): Promise<OpenedPair> => {
    const key = JSON.stringify([first.run, first.id, second.run, second.id]);
    if (last?.key === key) return last.pair;
    const pair = openPair({ first, second }, { cacheFolder });
    last = { key, pair };
    order = null;
    pair.catch(() => {
      if (last?.pair === pair) last = null;
    });
    return pair;
  };
  const ordered = (pair: OpenedPair, list: PairList): Uint32Array => {
    const key = `${pair.record.first.id} ${pair.record.second.id} ${list}`;
    if (order?.key !== key) order = { key, images: differingImages(pair.scores, list) };
    return order.images;
  };
  return {
    open: async (asked) => (await opened(asked)).record,
    images: async ({ list, from, count, ...asked }) => {
      const pair = await opened(asked);
      const images = ordered(pair, list);
      const rows = [...images.subarray(from, from + count)].map((image) => rowOf(pair, image));
      return { total: images.length, images: rows };
    },
    write: async ({ what, path, overwrite, language, ...asked }) => {
      const pair = await opened(asked);
      if (what === 'report') await writePairReport(path, pair, { language, overwrite });
      else await writePairTables(path, pair, overwrite);
      return null;
    },
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
