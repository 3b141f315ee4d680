import { z } from 'zod';

/** The epoch whose weights are kept as the best, with what validation measured of them. */
export const bestEpochSchema = z.object({
  /** From 1. */
  epoch: z.number().int().positive(),
  /** Updates done by its end. */
  step: z.number().int().nonnegative(),
  valAccuracy: z.number(),
  /** Null when it is not finite. */
  valLoss: z.number().nullable(),
});
export type BestEpoch = z.infer<typeof bestEpochSchema>;

/** Which of a run's weights: those of the last checkpoint, or those of the best epoch. */
export const CHECKPOINT_CHOICES = ['last', 'best'] as const;
export type CheckpointChoice = (typeof CHECKPOINT_CHOICES)[number];

/**
 * True when an epoch of validation accuracy `valAccuracy` takes the place of the best one so far: the best epoch of a
 * run is the first with its highest validation accuracy. An epoch without validation is never the best.
 */
export function isBetterEpoch(
  valAccuracy: number | null,
  best: Pick<BestEpoch, 'valAccuracy'> | null,
): valAccuracy is number {
  return valAccuracy !== null && Number.isFinite(valAccuracy) && valAccuracy > (best?.valAccuracy ?? -1);
}
