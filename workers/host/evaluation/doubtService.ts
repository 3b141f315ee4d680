import type { LabEvent, LabMethod, LabParams, LabResult } from '#core/contract/labApi.ts';
import { callThread } from '../../threads/calls.ts';
import { TaskCalls } from '../../threads/taskCalls.ts';
import type { DoubtData, DoubtHandlers } from './doubtHandlers.ts';
import { SEARCHING } from './taskWords.ts';

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
  const tasks = new TaskCalls(
    (taskId, progress) => tell({ event: 'evaluationProgress', taskId, progress }),
    SEARCHING,
  );
  const thread = callThread<DoubtHandlers>(entry, 'doubts', data, (event) => tasks.hear(event));
  const search = <T>(taskId: string, call: () => Promise<T>): Promise<T> =>
    tasks.run(taskId, { call, cancel: () => thread.call('cancel', { taskId }) });
  const located = <P extends { readonly runId: string }>({ runId, ...params }: P) => ({
    ...params,
    run: runOf(runId),
  });
  return {
    handlers: {
      'doubt.sources': (params) => thread.call('sources', located(params)),
      'doubt.suspects': ({ others, ...params }) =>
        search(params.taskId, () =>
          thread.call('suspects', { ...located(params), others: others.map(located) }),
        ),
      'doubt.duplicates': (params) => search(params.taskId, () => thread.call('duplicates', located(params))),
      'doubt.forgotten': (params) => search(params.taskId, () => thread.call('forgotten', located(params))),
      'doubt.copies': (params) => thread.call('copies', located(params)),
      'doubt.cancel': ({ taskId }) => {
        tasks.cancel(taskId);
        return Promise.resolve({});
      },
    },
    close: () => thread.close(),
  };
}
