import { rm } from 'node:fs/promises';
import path from 'node:path';
import { message } from '#core/words/message.ts';
import { temporaryName } from '../files/temporaryFiles.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type Cancellable } from '../threads/startThread.ts';
import { modelResultSchema, type ModelResult, type ModelTask } from './modelMessages.ts';

/** A reader computes without a break, so a thread that has not heard its cancel by then is ended. */
const KILL_AFTER_MS = 20;

/** The result of a task of this kind. */
export type ResultOf<K extends ModelTask['task']> = Extract<ModelResult, { task: K }>;

/**
 * Reads a model, or compares two, in a thread of its own. `done` rejects as `inspectModel`, `importProject`, `addModel`
 * and `compareModel` throw, or with 'interrupted'. Only a comparison reports progress. A thread that is ended cannot
 * tidy up: what it has not finished is in a folder that is removed here.
 */
export function startModelTask(
  task: ModelTask,
  onProgress: (progress: Progress) => void = () => undefined,
): Cancellable<ModelResult> {
  const scratch = scratchFor(task);
  const { cancel, done } = startThread({
    entry: new URL('./modelWorker.ts', import.meta.url),
    name: 'model',
    request: scratch === null ? task : { ...task, scratch },
    event: progressSchema,
    result: modelResultSchema,
    onEvent: onProgress,
    killAfterMs: KILL_AFTER_MS,
    died: message('importing.died'),
  });
  const tidied = done.finally(() =>
    scratch === null ? undefined : rm(scratch, { recursive: true, force: true }).catch(() => undefined),
  );
  // As `done`: a failure that nobody awaits must not end the process.
  tidied.catch(() => undefined);
  return { cancel, done: tidied };
}

/** In the folder of the finished files, so that they are renamed into it. */
function scratchFor(task: ModelTask): string | null {
  switch (task.task) {
    case 'inspect':
    case 'compare':
      return null;
    case 'import':
      return temporaryName(path.join(task.weightsFolder, 'import'));
    case 'add':
      return temporaryName(path.join(task.modelsFolder, 'model'));
  }
}
