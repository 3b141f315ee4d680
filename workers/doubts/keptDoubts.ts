import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  duplicateRowSchema,
  duplicateSummarySchema,
  forgottenRowSchema,
  forgottenSummarySchema,
  suspectRowSchema,
  suspectSummarySchema,
  type Doubts,
} from '#core/evaluation/doubtRows.ts';
import { EVALUATION_FILES } from '#core/evaluation/evaluationRecord.ts';
import { writeFileAtomic } from '../files/atomicFile.ts';

/** `doubts.json` beside an evaluation: what was found last of each kind. */
const keptSchema = z.object({
  format: z.literal('normlab-doubts'),
  version: z.literal(1),
  suspects: z
    .object({
      /** Run and id of the other evaluations that judged the labels. */
      others: z.array(z.string()),
      summary: suspectSummarySchema,
      rows: z.array(suspectRowSchema),
    })
    .nullable(),
  duplicates: z.object({ summary: duplicateSummarySchema, rows: z.array(duplicateRowSchema) }).nullable(),
  forgotten: z.object({ summary: forgottenSummarySchema, rows: z.array(forgottenRowSchema) }).nullable(),
});
export type KeptDoubts = z.infer<typeof keptSchema>;

const NONE: KeptDoubts = {
  ...{ format: 'normlab-doubts', version: 1 },
  ...{ suspects: null, duplicates: null, forgotten: null },
};

/** What was found in the evaluation of a folder; a missing or a damaged file counts as nothing. */
export async function readKeptDoubts(folder: string): Promise<KeptDoubts & Doubts> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(path.join(folder, EVALUATION_FILES.doubts), 'utf8')));
  } catch {
    return NONE;
  }
}

/**
 * Keeps what was found of one kind beside the rest. A folder that cannot be written, or is full, keeps nothing: it can
 * be found again.
 */
export async function keepDoubts(folder: string, found: Partial<KeptDoubts>): Promise<void> {
  const kept = { ...(await readKeptDoubts(folder)), ...found };
  const file = path.join(folder, EVALUATION_FILES.doubts);
  await writeFileAtomic(file, `${JSON.stringify(kept)}\n`).catch(() => undefined);
}
