import { serializeDocument } from '#core/document/serialize.ts';
import { importProject, inspectModel } from '../import/importProject.ts';
import { seldom, type Progress, type TaskContext } from '../threads/progress.ts';
import { serveThread } from '../threads/serveThread.ts';
import { addModel } from './addModel.ts';
import { compareModel } from './compareModel.ts';
import { modelTaskSchema, type ModelResult, type ModelTask } from './modelMessages.ts';

async function perform(task: ModelTask, context: TaskContext): Promise<ModelResult> {
  const { signal } = context;
  switch (task.task) {
    case 'inspect':
      return { task: 'inspect', report: await inspectModel({ ...task, partial: true, signal }) };
    case 'import': {
      const { document, report } = await importProject(
        { ...task, signal },
        { kind: 'store', scratch: task.scratch },
      );
      return { task: 'import', project: serializeDocument(document), report };
    }
    case 'add':
      return { task: 'add', stored: await addModel({ ...task, signal }) };
    case 'compare':
      return { task: 'compare', comparison: await compareModel(task, context) };
  }
}

/** Entry of a model thread: reads one model, or compares two. */
await serveThread<ModelTask, never, Progress, ModelResult>(
  { request: modelTaskSchema },
  (task, { signal, tell }) => perform(task, { signal, onProgress: seldom(tell) }),
);
