import type { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { errorDataSchema } from '#core/contract/run.ts';
import { AppError, fromErrorData } from '#core/diagnostics/appError.ts';
import { FAILURE_CODES, INTERRUPT_CODES, USER_ERROR_CODES } from '#core/diagnostics/codes.ts';
import type { Message } from '#core/words/message.ts';

const errorCode = z.enum([...USER_ERROR_CODES, ...FAILURE_CODES, ...INTERRUPT_CODES]);

/**
 * Messages from a thread to its parent: events, then one end. Their contents are parsed by the code that started the
 * thread.
 */
const threadMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: z.unknown() }),
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), error: errorDataSchema }),
]);
export type ThreadMessage = z.infer<typeof threadMessageSchema>;

/** The events and the result of a thread, and their receiver. */
export interface ThreadTalk<E, R> {
  readonly event: z.ZodType<E>;
  readonly result: z.ZodType<R>;
  readonly onEvent: (event: E) => void;
  /** Message of 'worker-died'. */
  readonly died: Message;
}

/** The error that a thread reported; 'internal' for an unknown code. */
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
 * The result of a thread, once it has exited. Rejects with the error that it reported, or with 'worker-died' and the
 * message `died` when it exited without an end message, threw, or sent data that its schemas refuse.
 */
export function threadEnd<E, R>(worker: Worker, talk: ThreadTalk<E, R>): Promise<R> {
  let end: { readonly result: R } | { readonly error: AppError } | null = null;
  let failure: unknown = null;
  const heard = (data: unknown): ThreadMessage | null => {
    const message = threadMessageSchema.safeParse(data);
    if (message.success) return message.data;
    failure = message.error;
    return null;
  };
  const onEvent = (told: unknown): void => {
    const event = talk.event.safeParse(told);
    if (event.success) talk.onEvent(event.data);
    else failure = event.error;
  };
  const onResult = (given: unknown): void => {
    const result = talk.result.safeParse(given);
    if (result.success) end = { result: result.data };
    else failure = result.error;
  };
  worker.on('message', (data: unknown) => {
    const message = heard(data);
    if (message?.kind === 'event') onEvent(message.event);
    else if (message?.kind === 'done') onResult(message.result);
    else if (message?.kind === 'failed') end = { error: rebuildFailure(message.error) };
  });
  worker.on('error', (error: unknown) => {
    failure = error;
  });
  return new Promise((resolve, reject) => {
    worker.on('exit', (code) => {
      if (end === null)
        reject(new AppError('worker-died', talk.died, { cause: failure ?? `exit code ${code}` }));
      else if ('result' in end) resolve(end.result);
      else reject(end.error);
    });
  });
}
