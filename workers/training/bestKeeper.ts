import type { Session } from '#core/backend/backend.ts';
import { isBetterEpoch, type BestEpoch } from '#core/training/bestEpoch.ts';
import type { EpochReport } from '#core/training/loop.ts';
import { readBestEpoch, saveCheckpoint, type Counters } from '../runs/checkpoint/checkpoint.ts';
import type { RunFolder } from '../runs/folder/runFolder.ts';

/** Keeps the weights of the best epoch beside the last checkpoint. */
export interface BestKeeper {
  /** The best epoch so far; null without validation. */
  readonly best: BestEpoch | null;
  /** Records an epoch that has just been validated. */
  onEpoch(report: EpochReport): void;
  /** True when the state is that of a new best epoch: it must be saved before the next step changes it. */
  isNews(): boolean;
  /** Saves the state where it is that of a new best epoch. Throws as `saveCheckpoint` does. */
  saveNews(counters: Counters): Promise<void>;
}

/**
 * Continues from the best epoch whose weights are stored. An unusable file does not stop a run from continuing: the
 * next epoch replaces it.
 */
export async function openBestKeeper(run: RunFolder, session: Session): Promise<BestKeeper> {
  let best = await readBestEpoch(run).catch(() => null);
  let isNews = false;
  return {
    get best() {
      return best;
    },
    onEpoch: ({ epoch, step, validation }) => {
      const valAccuracy = validation?.accuracy ?? null;
      if (!isBetterEpoch(valAccuracy, best)) return;
      const valLoss = Number.isFinite(validation?.loss) ? (validation?.loss ?? null) : null;
      best = { epoch, step, valAccuracy, valLoss };
      isNews = true;
    },
    isNews: () => isNews,
    saveNews: async (counters) => {
      if (!isNews || best === null) return;
      await saveCheckpoint(run, session.layout, session.state, counters, { best });
      isNews = false;
    },
  };
}
