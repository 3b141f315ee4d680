import type { EvaluatedImage } from '#core/contract/evaluationCalls.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import type { RunEvaluation } from '../../doubts/findSuspects.ts';
import { keepDoubts, readKeptDoubts, type KeptDoubts } from '../../doubts/keptDoubts.ts';
import { findKeptEvaluation, openKeptEvaluation } from '../../evaluation/keptEvaluations.ts';
import { describeImages } from './describeImages.ts';

/** An evaluation, by the folder of its run. */
export interface DoubtKey {
  readonly run: string;
  readonly id: string;
}

/** What every row has. */
interface Row {
  readonly image: number;
  readonly file: string;
}

interface Page {
  readonly from: number;
  readonly count: number;
  readonly text: string | null;
}

/** Kept evaluations and what was found in them; that of the last one stays in memory. */
export function doubtShelf(cacheFolder: string) {
  // The pages of a list that is scrolled are read from memory.
  let last: { readonly folder: string; readonly doubts: KeptDoubts } | null = null;

  const folderOf = async ({ run, id }: DoubtKey): Promise<string> =>
    (await findKeptEvaluation({ run, cacheFolder }, id)).folder;

  async function known(folder: string): Promise<KeptDoubts> {
    if (last?.folder !== folder) last = { folder, doubts: await readKeptDoubts(folder) };
    return last.doubts;
  }

  async function keep(folder: string, found: Partial<KeptDoubts>): Promise<void> {
    const before = await known(folder);
    const isKnown = Object.entries(found).every(([kind, each]) => before[kind as keyof KeptDoubts] === each);
    if (isKnown) return;
    last = { folder, doubts: { ...before, ...found } };
    await keepDoubts(folder, found);
  }

  async function opened<T>(
    keys: readonly DoubtKey[],
    use: (evaluations: readonly RunEvaluation[]) => Promise<T>,
  ): Promise<T> {
    const evaluations: RunEvaluation[] = [];
    try {
      for (const { run, id } of keys)
        evaluations.push({ run, ...(await openKeptEvaluation({ run, cacheFolder }, id)) });
      return await use(evaluations);
    } finally {
      for (const { rows } of evaluations) await rows.close();
    }
  }

  /** A page of what was found of one kind, with what the screen shows of its images. */
  async function page<R extends Row>(
    key: DoubtKey & Page,
    rows: readonly R[],
    isWanted: (row: R) => boolean,
  ): Promise<{ total: number; rows: (EvaluatedImage & { doubt: R })[] }> {
    const sought = key.text?.toLowerCase() ?? '';
    const found = rows.filter((row) => isWanted(row) && row.file.toLowerCase().includes(sought));
    const shown = found.slice(key.from, key.from + key.count);
    const images = await opened([key], async ([own]) => {
      const { rows: logits, record } = ownOf(own);
      const numbers = shown.map(({ image }) => image);
      return describeImages(logits, numbers, record.classNames.length);
    });
    return {
      total: found.length,
      rows: images.map((each, at) => ({ ...each, doubt: must(shown[at], 'row') })),
    };
  }

  return { folderOf, known, keep, opened, page };
}
export type DoubtShelf = ReturnType<typeof doubtShelf>;

export function ownOf(own: RunEvaluation | undefined): RunEvaluation {
  if (own === undefined) throw new AppError('internal', message('lab.threadDied'));
  return own;
}
