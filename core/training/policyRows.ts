import { z } from 'zod';
import { RUN_POLICIES } from '../nodes/batchNormPolicies.ts';
import { wilsonInterval } from './wilson.ts';

const lossAndAccuracy = z.object({ loss: z.number().nullable(), accuracy: z.number() });
const count = z.number().int().nonnegative();

/** Which comparison of policies a run belongs to. */
export const seriesMemberSchema = z.object({
  /** Of the comparison. */
  id: z.string().min(1).max(64),
  policy: z.enum(RUN_POLICIES),
});
export type SeriesMember = z.infer<typeof seriesMemberSchema>;

/** The change of running statistics since the start: the block and channel whose mean moved the most. */
const movedStatisticsSchema = z.object({
  node: z.string(),
  channel: count,
  /** In running standard deviations of the start, `sqrt(var + eps)`. */
  deviations: z.number(),
});
export type MovedStatistics = z.infer<typeof movedStatisticsSchema>;

/** What the result of a run has for a comparison of policies. */
export const comparedResultSchema = seriesMemberSchema.extend({
  /** True where the classes are those of the weights, so that the head was not initialized. */
  keptHead: z.boolean(),
  validationImages: count,
  /** The trained weights as they came, on the validation images; null where the head was initialized. */
  start: lossAndAccuracy.nullable(),
  /** Null without trained weights to compare with. */
  moved: movedStatisticsSchema.nullable(),
  /** On the test part, with the weights of the best epoch; null where there is no test part. */
  test: lossAndAccuracy.extend({ images: count }).nullable(),
});
export type ComparedResult = z.infer<typeof comparedResultSchema>;

/** `start`: the trained weights as they came. */
const ROW_POLICIES = ['start', ...RUN_POLICIES] as const;
export type RowPolicy = (typeof ROW_POLICIES)[number];

/** A row of the table of a comparison. */
export const policyRowSchema = z.object({
  policy: z.enum(ROW_POLICIES),
  /** The best validation accuracy: null without validation images. */
  validation: z
    .object({
      accuracy: z.number(),
      correct: count,
      images: count,
      /** 0: without training. */
      epoch: count,
      /** 95 % interval of the accuracy (`wilsonInterval`). */
      low: z.number(),
      high: z.number(),
    })
    .nullable(),
  /** Mean training loss of the last epoch; null where nothing trained, or where it is not finite. */
  loss: z.number().nullable(),
  test: comparedResultSchema.shape.test,
  moved: movedStatisticsSchema.nullable(),
  /** Null for the weights as they came. */
  seconds: z.number().nullable(),
});
export type PolicyRow = z.infer<typeof policyRowSchema>;

/** The fields of a run's result that the table reads. */
interface PolicyResult {
  readonly epochs: number;
  readonly seconds: number;
  readonly train: { readonly loss: number | null };
  readonly val: { readonly accuracy: number } | null;
  readonly best?: { readonly epoch: number; readonly valAccuracy: number } | undefined;
  readonly comparison?: ComparedResult | undefined;
}

/** The rows of a comparison: the weights as they came, where that was measured, then its finished runs in order. */
export function policyRows(results: readonly PolicyResult[]): readonly PolicyRow[] {
  const compared = results.filter(isCompared);
  const start = compared.map(({ comparison }) => startRow(comparison)).find((row) => row !== null) ?? null;
  return [...(start === null ? [] : [start]), ...compared.map(rowOf)];
}

type Compared = PolicyResult & { readonly comparison: ComparedResult };

function isCompared(result: PolicyResult): result is Compared {
  return result.comparison !== undefined;
}

function rowOf({ epochs, seconds, train, val, best, comparison }: Compared): PolicyRow {
  const { policy, validationImages, test, moved } = comparison;
  const shown = best ?? (val === null ? null : { epoch: epochs, valAccuracy: val.accuracy });
  const validation = shown && validationOf(shown.valAccuracy, validationImages, shown.epoch);
  return { policy, validation, loss: epochs === 0 ? null : train.loss, test, moved, seconds };
}

function startRow({ start, validationImages }: ComparedResult): PolicyRow | null {
  if (start === null) return null;
  const validation = validationOf(start.accuracy, validationImages, 0);
  return { policy: 'start', validation, loss: null, test: null, moved: null, seconds: null };
}

function validationOf(accuracy: number, images: number, epoch: number): PolicyRow['validation'] {
  if (images === 0) return null;
  const correct = Math.round(accuracy * images);
  return { accuracy, correct, images, epoch, ...wilsonInterval(correct, images) };
}
