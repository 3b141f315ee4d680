import { z } from 'zod';
import { evaluationRecordSchema } from './evaluationRecord.ts';
import { pairFiguresSchema } from './pairFiguresSchema.ts';

const count = z.number().int().nonnegative();

/** One of two evaluations that are compared. */
const pairSideSchema = evaluationRecordSchema.pick({
  ...{ id: true, createdAt: true, model: true, images: true, compute: true },
});
export type PairSideRecord = z.infer<typeof pairSideSchema>;

/** Two networks on the same images: what is compared, and all figures. */
export const pairRecordSchema = z.object({
  first: pairSideSchema,
  second: pairSideSchema,
  /** Classes in the order of the first network. */
  classNames: z.array(z.string()).min(2),
  figures: pairFiguresSchema,
  /** Cells of the agreement matrix that are not 0: class given by the first, by the second, images. */
  matrix: z.array(z.tuple([count, count, count])),
});
export type PairRecord = z.infer<typeof pairRecordSchema>;
