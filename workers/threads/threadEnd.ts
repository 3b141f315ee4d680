import type { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { errorDataSchema } from '#core/contract/run.ts';
import { AppError, fromErrorData } from '#core/diagnostics/appError.ts';
import { FAILURE_CODES, INTERRUPT_CODES, USER_ERROR_CODES } from '#core/diagnostics/codes.ts';
import type { Message } from '#core/words/message.ts';

const errorCode = z.enum([...USER_ERROR_CODES, ...FAILURE_CODES, ...INTERRUPT_CODES]);

/** What a thread of work tells: events, then one end. */
export function threadMessageSchema<E extends z.ZodType, R extends z.ZodType>(event: E, result: R) {
  return z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('event'), event }),
    z.object({ kind: z.literal('done'), result }),
    z.object({ kind: z.literal('failed'), error: errorDataSchema }),
  ]);
}

export type ThreadMessage<E, R> =
  | { readonly kind: 'event'; readonly event: E }
  | { readonly kind: 'done'; readonly result: R }
  | { readonly kind: 'failed'; readonly error: z.infer<typeof errorDataSchema> };

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

/**
 * The result of a thread, once it is gone. Rejects with what it reported, or with 'worker-died' that says `died` when it
 * ended without a word, threw, or spoke otherwise than by `schema`.
 */
export function threadEnd<E, R>(
  worker: Worker,
  schema: z.ZodType<ThreadMessage<E, R>>,
  onEvent: (event: E) => void,
  died: Message,
): Promise<R> {
  let end: Exclude<ThreadMessage<E, R>, { kind: 'event' }> | null = null;
  let failure: unknown = null;
  worker.on('message', (data: unknown) => {
    const message = schema.safeParse(data);
    if (!message.success) failure = message.error;
    else if (message.data.kind === 'event') onEvent(message.data.event);
    else end = message.data;
  });
  worker.on('error', (error: unknown) => {
    failure = error;
  });
  return new Promise((resolve, reject) => {
    worker.on('exit', (code) => {
      if (end?.kind === 'done') resolve(end.result);
      else if (end?.kind === 'failed') reject(rebuildFailure(end.error));
      else reject(new AppError('worker-died', died, { cause: failure ?? `exit code ${code}` }));
    });
  });
}
