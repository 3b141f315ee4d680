import { z } from 'zod';

const count = z.number().int().nonnegative();
/** Name relative to its folder, with '/'. */
const file = z.string();
const className = z.string();
/** A number that may be NaN where outputs are not finite. */
const share = z.number().nullable();

/** An image whose label is likely wrong. */
export const suspectRowSchema = z.object({
  /** Index of the evaluation among those that were asked about, and the number of the image in it. */
  evaluation: count,
  image: count,
  file,
  label: className,
  suggested: className,
  /** Mean probability of the suggested class, and of the label. */
  probability: share,
  labelProbability: share,
  /** Probability of the label minus the largest other one, from -1 to 0. */
  margin: share,
  /** Number of networks whose mean it is. */
  networks: count,
});
export type SuspectRow = z.infer<typeof suspectRowSchema>;

/**
 * How two images are alike: `exact`, the same bytes; `pixels`, the same pixels at the size of the network's input;
 * `near`, a small distance of their perceptual hashes and a high correlation.
 */
export const LIKENESSES = ['exact', 'pixels', 'near'] as const;

/** An image of the evaluation and its copy among the images of the run. */
export const duplicateRowSchema = z.object({
  image: count,
  file,
  label: className,
  decided: className,
  isWrong: z.boolean(),
  likeness: z.enum(LIKENESSES),
  /** Bits in which the perceptual hashes differ, and correlation of the small pictures. */
  distance: count,
  correlation: z.number(),
  /** The copy: a training or a validation image of the run. */
  other: z.object({ part: z.enum(['train', 'validation']), file, label: className }),
  /** The two have different labels. */
  differs: z.boolean(),
  /** The two are in different parts: the network trained on a copy of an image that it is judged by. */
  isLeak: z.boolean(),
});
export type DuplicateRow = z.infer<typeof duplicateRowSchema>;

/** A validation image that was forgotten, or never learned. */
export const forgottenRowSchema = z.object({
  image: count,
  file,
  label: className,
  /** Forgetting events. */
  events: count,
  /** The first epoch after which it was right; null: never. */
  learnedAt: count.nullable(),
  /** Right after the best epoch, wrong after the last one. */
  isLost: z.boolean(),
  /** '1' for each validated epoch after which it was right, '0' for the others. */
  right: z.string().regex(/^[01]*$/),
});
export type ForgottenRow = z.infer<typeof forgottenRowSchema>;

/** Where the probabilities came from. */
export const SUSPECT_SOURCES = ['single', 'average', 'folds'] as const;

/** What was compared to find likely mislabelled images. */
export const suspectSummarySchema = z.object({
  images: count,
  /** One evaluation; the mean of several on the same images; folds that together cover the images. */
  source: z.enum(SUSPECT_SOURCES),
  /** Evaluations that were asked about. */
  evaluations: count,
  /** Images on which one of the networks was trained: it may have learned their wrong labels. */
  trained: count,
});
export type SuspectSummary = z.infer<typeof suspectSummarySchema>;

export const duplicateSummarySchema = z.object({
  images: count,
  /** Training images, and validation images where training images were evaluated. */
  others: count,
  /** Images that are gone, have changed or cannot be decoded: they were not compared. */
  left: count,
  leaks: count,
  differing: count,
});
export type DuplicateSummary = z.infer<typeof duplicateSummarySchema>;

export const forgottenSummarySchema = z.object({
  images: count,
  epochs: z.array(count),
  bestEpoch: count.nullable(),
  unforgettable: count,
  forgotten: count,
  neverLearned: count,
  lost: count,
});
export type ForgottenSummary = z.infer<typeof forgottenSummarySchema>;

/** What was found about labels, copies and forgetting; null where it was not asked for. */
export interface Doubts {
  readonly suspects: { readonly summary: SuspectSummary; readonly rows: readonly SuspectRow[] } | null;
  readonly duplicates: { readonly summary: DuplicateSummary; readonly rows: readonly DuplicateRow[] } | null;
  readonly forgotten: { readonly summary: ForgottenSummary; readonly rows: readonly ForgottenRow[] } | null;
}
