import {
  LAB_API,
  requestFrameSchema,
  type LabMethod,
  type LabParams,
  type LabResult,
  type ResponseFrame,
} from '#core/contract/labApi.ts';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { schemaIssue } from '#core/diagnostics/schemaIssue.ts';
import { message, type Message } from '#core/words/message.ts';
import type { z } from 'zod';

type Parsed<M extends LabMethod> = z.output<(typeof LAB_API)[M]['params']>;

/** One function for each method of the contract; a method without one does not compile. */
export type LabHandlers = {
  readonly [M in LabMethod]: (params: Parsed<M>) => Promise<LabResult<M>> | LabResult<M>;
};

/** Runs a call, now or when its turn comes. */
type CallGate = <T>(act: () => Promise<T> | T) => Promise<T> | T;

/**
 * The fields of a frame that are read before it is parsed: its id, its method if that exists, and the scan, the task or
 * the session for pictures to which it belongs.
 */
export function callOf(raw: unknown): {
  readonly id: number | null;
  readonly method: LabMethod | null;
  readonly scanId: string | null;
  readonly taskId: string | null;
  readonly sessionId: string | null;
} {
  const frame = requestFrameSchema.safeParse(raw);
  if (!frame.success) return { id: null, method: null, scanId: null, taskId: null, sessionId: null };
  const { id, method, params } = frame.data;
  return {
    id,
    method: isLabMethod(method) ? method : null,
    scanId: textIn(params, 'scanId'),
    taskId: textIn(params, 'taskId'),
    sessionId: textIn(params, 'sessionId'),
  };
}

function textIn(params: unknown, name: string): string | null {
  const value: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, name) : null;
  return typeof value === 'string' ? value : null;
}

/**
 * Answers one request frame; the contract parses the frame, its parameters and the answer. Never throws: every failure
 * becomes an error frame. A frame without a readable id cannot be answered and returns null. Invalid parameters are
 * refused before `gate` is called.
 */
export async function dispatch(
  handlers: LabHandlers,
  raw: unknown,
  gate: CallGate = (act) => act(),
): Promise<ResponseFrame | null> {
  const frame = requestFrameSchema.safeParse(raw);
  if (!frame.success) return null;
  const { id, method, params } = frame.data;
  try {
    if (!isLabMethod(method))
      throw new AppError('message-refused', message('lab.noMethod', { method: JSON.stringify(method) }));
    return { id, ok: true, result: await call(handlers, method, params, gate) };
  } catch (thrown) {
    return { id, ok: false, error: toErrorData(thrown) };
  }
}

async function call<M extends LabMethod>(
  handlers: LabHandlers,
  method: M,
  params: unknown,
  gate: CallGate,
): Promise<LabResult<M>> {
  const parsed = LAB_API[method].params.safeParse(params, { reportInput: true });
  if (!parsed.success) throw new AppError('message-refused', misfit(method, parsed.error.issues[0]));
  // The table is typed by method; TypeScript cannot follow the union through the index.
  const handler = handlers[method] as (params: LabParams<M>) => Promise<LabResult<M>> | LabResult<M>;
  const result = await gate(() => handler(parsed.data as LabParams<M>));
  return LAB_API[method].result.parse(result) as LabResult<M>;
}

function misfit(method: LabMethod, issue: z.core.$ZodIssue | undefined): Message {
  if (issue === undefined) return message('lab.badParams', { method });
  const place = issue.path.join('.') || message('lab.theTop');
  return message('lab.badParamsAt', { method, place, what: schemaIssue(issue) });
}

function isLabMethod(method: string): method is LabMethod {
  return Object.hasOwn(LAB_API, method);
}
