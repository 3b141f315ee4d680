import { z } from 'zod';

/** The epoch whose weights are kept as the best, with its validation results. */
export const bestEpochSchema = z.object({
  /** From 1. */
  epoch: z.number().int().positive(),
  /** Number of updates at its end. */
  step: z.number().int().nonnegative(),
  valAccuracy: z.number(),
  /** Null when it is not finite. */
  valLoss: z.number().nullable(),
});
export type BestEpoch = z.infer<typeof bestEpochSchema>;

/** The weights of a run: those of the last checkpoint, or those of the best epoch. */
export const CHECKPOINT_CHOICES = ['last', 'best'] as const;
export type CheckpointChoice = (typeof CHECKPOINT_CHOICES)[number];

/**
 * True when an epoch with validation accuracy `valAccuracy` replaces the best one so far: the best epoch is the first
 * with the highest validation accuracy. An epoch without validation is never the best.
 */
export function isBetterEpoch(
  valAccuracy: number | null,
  best: Pick<BestEpoch, 'valAccuracy'> | null,
): valAccuracy is number {
  return valAccuracy !== null && Number.isFinite(valAccuracy) && valAccuracy > (best?.valAccuracy ?? -1);
}
