import {
  labEventSchema,
  type LabEvent,
  type LabMethod,
  type LabParams,
  type LabResult,
} from '#core/contract/labApi.ts';
import { callThread } from '../../threads/calls.ts';
import type { DoubtData, DoubtHandlers } from './doubtHandlers.ts';

type DoubtMethods = Extract<LabMethod, `doubt.${string}`>;

/** The calls about labels, copies and forgetting, and their end. */
export interface DoubtService {
  readonly handlers: { readonly [M in DoubtMethods]: (params: LabParams<M>) => Promise<LabResult<M>> };
  close(): Promise<void>;
}

/**
 * Searches evaluations for the screen in a thread of its own, which may decode all images of a run. `runOf` gives the
 * folder of a run.
 */
export function doubtService(
  data: DoubtData,
  runOf: (runId: string) => string,
  tell: (event: LabEvent) => void,
): DoubtService {
  const entry = new URL('./doubtWorker.ts', import.meta.url);
  const thread = callThread<DoubtHandlers>(entry, 'doubts', data, (event) =>
    tell(labEventSchema.parse(event)),
  );
  const located = <P extends { readonly runId: string }>({ runId, ...params }: P) => ({
    ...params,
    run: runOf(runId),
  });
  return {
    handlers: {
      'doubt.sources': (params) => thread.call('sources', located(params)),
      'doubt.suspects': ({ others, ...params }) =>
        thread.call('suspects', { ...located(params), others: others.map(located) }),
      'doubt.duplicates': (params) => thread.call('duplicates', located(params)),
      'doubt.forgotten': (params) => thread.call('forgotten', located(params)),
      'doubt.copies': (params) => thread.call('copies', located(params)),
      'doubt.cancel': async ({ taskId }) => {
        await thread.call('cancel', { taskId });
        return {};
      },
    },
    close: () => thread.close(),
  };
}
