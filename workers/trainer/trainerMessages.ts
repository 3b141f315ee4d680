import { z } from 'zod';
import { errorDataSchema } from '#core/contract/run.ts';
import { resultSchema } from '#core/contract/runResult.ts';
import { fromErrorData, type AppError } from '#core/diagnostics/appError.ts';
import { FAILURE_CODES, INTERRUPT_CODES, USER_ERROR_CODES } from '#core/diagnostics/codes.ts';
import { trainEventSchema } from './trainEvents.ts';

/** What a trainer thread is started with; the project travels as its JSON text. */
export const trainerRequestSchema = z.object({
  project: z.string().nullable(),
  name: z.string().optional(),
  train: z.string().nullable(),
  validation: z.string().nullable(),
  labels: z.string().nullable().default(null),
  splitFrom: z.string().nullable().default(null),
  out: z.string(),
  resume: z.boolean(),
  cacheFolder: z.string().optional(),
  checkpointEveryMs: z.number().nonnegative().optional(),
});
export type TrainerRequestData = z.infer<typeof trainerRequestSchema>;

/** To the thread. */
export const trainerCommandSchema = z.object({ command: z.enum(['pause', 'resume', 'stop']) });
export type TrainerCommand = z.infer<typeof trainerCommandSchema>;

/** From the thread: events, then one end. */
export const trainerMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: trainEventSchema }),
  z.object({ kind: z.literal('done'), result: resultSchema }),
  z.object({ kind: z.literal('failed'), error: errorDataSchema }),
]);
export type TrainerMessage = z.infer<typeof trainerMessageSchema>;

const errorCode = z.enum([...USER_ERROR_CODES, ...FAILURE_CODES, ...INTERRUPT_CODES]);

/** The error that a thread reported; 'internal' for a code that is none. */
export function rebuildFailure(error: z.infer<typeof errorDataSchema>): AppError {
  const code = errorCode.safeParse(error.code);
  return fromErrorData({
    code: code.success ? code.data : 'internal',
    message: error.message,
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.detail === undefined ? {} : { detail: error.detail }),
  });
}
