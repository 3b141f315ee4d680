import { z } from 'zod';
import { importReportSchema } from '#core/contract/importReport.ts';
import { modelRecordSchema } from './modelRecord.ts';

const words = z.string().nullable();

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
  }),
]);
export type ModelTask = z.infer<typeof modelTaskSchema>;

export const modelResultSchema = z.discriminatedUnion('task', [
  z.object({ task: z.literal('inspect'), report: importReportSchema }),
  z.object({ task: z.literal('import'), project: z.string(), report: importReportSchema }),
  z.object({
    task: z.literal('add'),
    stored: z.object({ record: modelRecordSchema, path: z.string(), folder: z.string() }),
  }),
]);
export type ModelResult = z.infer<typeof modelResultSchema>;
