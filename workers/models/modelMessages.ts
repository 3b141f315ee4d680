import { z } from 'zod';
import { comparisonSchema } from '#core/contract/comparison.ts';
import { importReportSchema } from '#core/contract/importReport.ts';
import { modelRecordSchema } from './modelRecord.ts';

const words = z.string().nullable();
/** A folder for unfinished files, which does not exist yet and is removed after the task. */
const scratch = z.string().optional();

const compared = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string() }),
  z.object({ kind: z.literal('project'), name: z.string(), project: z.string() }),
]);

/** The start data of a model thread. */
export const modelTaskSchema = z.discriminatedUnion('task', [
  /** Reads a model and reports it. */
  z.object({
    task: z.literal('inspect'),
    from: z.string(),
    architecture: words,
    weightsFolder: z.string(),
  }),
  /** Reads a model as a project, and writes its weights into the lab's folder. */
  z.object({
    task: z.literal('import'),
    from: z.string(),
    architecture: words,
    partial: z.boolean(),
    weightsFolder: z.string(),
    scratch,
  }),
  /** Copies a model into the models folder. */
  z.object({
    task: z.literal('add'),
    file: z.string(),
    name: words,
    source: words,
    licence: words,
    modelsFolder: z.string(),
    weightsFolder: z.string(),
    scratch,
  }),
  /** Compares two models. */
  z.object({ task: z.literal('compare'), a: compared, b: compared, weightsFolder: z.string() }),
]);
export type ModelTask = z.infer<typeof modelTaskSchema>;

export const modelResultSchema = z.discriminatedUnion('task', [
  z.object({ task: z.literal('inspect'), report: importReportSchema }),
  z.object({ task: z.literal('import'), project: z.string(), report: importReportSchema }),
  z.object({
    task: z.literal('add'),
    stored: z.object({
      record: modelRecordSchema,
      path: z.string(),
      folder: z.string(),
      isShipped: z.boolean(),
    }),
  }),
  z.object({ task: z.literal('compare'), comparison: comparisonSchema }),
]);
export type ModelResult = z.infer<typeof modelResultSchema>;
