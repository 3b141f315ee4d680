import { z } from 'zod';
import { errorDataSchema } from './run.ts';

/** One line of text. */
export const runName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^\P{Cc}+$/u);
export const runNote = z.string().max(4000);

/**
 * `about.json`: what is recorded about a run beyond what it was started with. Every field, and the file itself, may be
 * absent.
 */
export const runAboutSchema = z.object({
  /** Replaces the name in `run.json`. */
  name: runName.optional(),
  note: runNote.optional(),
  /** How its training ended early, if a process was there to record it; absent after a crash, and while it runs. */
  end: z
    .object({
      kind: z.enum(['stopped', 'failed']),
      /** Milliseconds since 1970. */
      at: z.number(),
      /** Why it failed. */
      error: errorDataSchema.nullable(),
    })
    .optional(),
});
export type RunAbout = z.infer<typeof runAboutSchema>;

/** How a run was started, for its card. */
export const runDetailsSchema = z.object({
  /** The project as it was trained, as its JSON text. */
  project: z.string(),
  normlabVersion: z.string(),
  /** Null for a run that was trained elsewhere. */
  trainFolder: z.string().nullable(),
  validationFolder: z.string().nullable(),
  trainImages: z.number(),
  validationImages: z.number(),
  classes: z.number(),
  backendDescription: z.string(),
});
export type RunDetails = z.infer<typeof runDetailsSchema>;
