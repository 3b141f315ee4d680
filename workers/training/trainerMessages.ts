import { z } from 'zod';
import { seriesMemberSchema } from '#core/training/policyRows.ts';
import { trainingSettingsSchema } from '#core/document/trainingSettings.ts';

/** The start data of a trainer thread; the project is passed as its JSON text. */
export const trainerRequestSchema = z.object({
  project: z.string().nullable(),
  name: z.string().optional(),
  train: z.string().nullable(),
  validation: z.string().nullable(),
  labels: z.string().nullable().default(null),
  splitFrom: z.string().nullable().default(null),
  from: z.string().nullable().optional(),
  partial: z.boolean().optional(),
  weightsFolders: z.array(z.string()).optional(),
  out: z.string(),
  resume: z.boolean(),
  wish: z
    .object({
      epochs: z.number().int().positive().optional(),
      threads: z.number().int().positive().optional(),
      precision: trainingSettingsSchema.shape.precision.unwrap().optional(),
    })
    .optional(),
  series: seriesMemberSchema
    .extend({
      testFolder: z.string().nullable(),
      measuresStart: z.boolean(),
      fingerprint: z.string().nullable(),
    })
    .optional(),
  cacheFolder: z.string().optional(),
  checkpointEveryMs: z.number().nonnegative().optional(),
});
export type TrainerRequestData = z.infer<typeof trainerRequestSchema>;

/** Messages to the thread, besides cancel, which stops the run with its state saved. */
export const trainerCommandSchema = z.enum(['pause', 'resume']);
export type TrainerCommand = z.infer<typeof trainerCommandSchema>;
