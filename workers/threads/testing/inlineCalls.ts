import type { CallHandlers, CallThread } from '../calls.ts';

/** For tests: handlers of a thread of calls, run in this thread. */
export function inlineCalls<H extends CallHandlers>(handlers: H): Pick<CallThread<H>, 'call'> {
  const call = async (method: string, params: unknown): Promise<unknown> =>
    handlers[method]?.(params as never);
  return { call: call as CallThread<H>['call'] };
}
