import { z } from 'zod';
import { message } from '#core/words/message.ts';
import { startThread, type Cancellable } from '../threads/startThread.ts';
import { modelResultSchema, type ModelResult, type ModelTask } from './modelMessages.ts';

/** A reader computes without a break; a thread that does not hear its cancel is ended, and leaves a temporary file. */
const KILL_AFTER_MS = 50;

/** The result of a task of this kind. */
export type ResultOf<K extends ModelTask['task']> = Extract<ModelResult, { task: K }>;

/**
 * Reads a model in a thread of its own. `done` rejects as `inspectModel`, `importProject` and `addModel` throw, or with
 * 'interrupted'.
 */
export function startModelTask(task: ModelTask): Cancellable<ModelResult> {
  return startThread({
    entry: new URL('./modelWorker.ts', import.meta.url),
    name: 'model',
    request: task,
    event: z.never(),
    result: modelResultSchema,
    onEvent: () => undefined,
    killAfterMs: KILL_AFTER_MS,
    died: message('importing.died'),
  });
}
