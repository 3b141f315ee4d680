import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import { batchSizes, planEpoch } from '#core/training/epochPlan.ts';
import { measureOrder } from '#core/training/orderLeak.ts';
import type { EpochOrder } from '#core/training/sampler.ts';
import { message, type Message } from '#core/words/message.ts';

/**
 * Warns the user before the start when the batches of the first epoch do not resemble the whole set: their statistics
 * then depend on which classes a batch holds.
 */
export function orderNotes(
  settings: Pick<TrainingSettings, 'batchSize' | 'remainder' | 'shuffle'>,
  train: Pick<BatchSource, 'labels' | 'size'>,
  order: EpochOrder,
  classNames: readonly string[],
): Message[] {
  const plan = planEpoch(train.size, settings.batchSize, settings.remainder);
  const mix = measureOrder(train.labels, order(0), batchSizes(plan), classNames.length);
  if (!mix.leaks) return [];
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return [
    message(settings.shuffle ? 'starting.orderLeaks' : 'starting.orderLeaksUnshuffled', {
      share: percent(mix.betweenShare),
      shuffled: percent(mix.betweenShareShuffled),
      entropy: mix.classEntropy.toFixed(2),
      entropyOfAll: mix.classEntropyOfAll.toFixed(2),
    }),
  ];
}
