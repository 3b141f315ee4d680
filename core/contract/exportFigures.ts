import { z } from 'zod';
import { CHECKPOINT_CHOICES } from '../training/bestEpoch.ts';

/** The figures of a verified export, in the report of its thread and in the answer to the screen. */
export const exportFigures = {
  /** Of all files together. */
  sizeBytes: z.number(),
  /** Largest difference of a logit, and the same relative to the largest logit of its sample. */
  maxAbsDiff: z.number(),
  maxRelDiff: z.number(),
  /** Share of samples with the same class, 0 to 1. */
  top1Agreement: z.number(),
  samples: z.number().int().positive(),
  isNoise: z.boolean(),
  /** Of the file, or of the manifest of a folder. */
  sha256: z.string(),
  checkpoint: z.enum(CHECKPOINT_CHOICES),
  /** Updates of the weights that were taken, and the epochs completed by then. */
  step: z.number().int().nonnegative(),
  epochs: z.number().int().nonnegative(),
};
