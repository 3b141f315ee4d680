import { serializeDocument } from '#core/document/serialize.ts';
import { importProject, inspectModel } from '../import/importProject.ts';
import { serveThread } from '../threads/serveThread.ts';
import { addModel } from './addModel.ts';
import { modelTaskSchema, type ModelResult, type ModelTask } from './modelMessages.ts';

async function perform(task: ModelTask, signal: AbortSignal): Promise<ModelResult> {
  switch (task.task) {
    case 'inspect':
      return { task: 'inspect', report: await inspectModel({ ...task, partial: true, signal }) };
    case 'import': {
      const { document, report } = await importProject({ ...task, signal }, { kind: 'store' });
      return { task: 'import', project: serializeDocument(document), report };
    }
    case 'add':
      return { task: 'add', stored: await addModel(task) };
  }
}

/** Entry of a model thread: reads one model. */
await serveThread<ModelTask, never, never, ModelResult>({ request: modelTaskSchema }, (task, { signal }) =>
  perform(task, signal),
);
