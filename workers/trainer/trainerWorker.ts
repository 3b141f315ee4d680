import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { fromErrorData, toErrorData } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { parseDocument } from '#core/document/parse.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { createTrainControl } from './trainControl.ts';
import {
  trainerCommandSchema,
  trainerRequestSchema,
  type TrainerMessage,
  type TrainerRequestData,
} from './trainerMessages.ts';
import { trainRun } from './trainRun.ts';

/** Entry of a trainer thread: one run, its events to the parent, its commands from there, one end. */
async function serve(port: MessagePort, request: TrainerRequestData): Promise<void> {
  const control = createTrainControl();
  const send = (message: TrainerMessage): void => {
    port.postMessage(message);
  };
  port.on('message', (message: unknown) => {
    control[trainerCommandSchema.parse(message).command]();
  });
  try {
    const { project, name, cacheFolder, checkpointEveryMs, wish, ...rest } = request;
    const result = await trainRun({
      ...rest,
      ...(name === undefined ? {} : { name }),
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
      ...(checkpointEveryMs === undefined ? {} : { checkpointEveryMs }),
      ...(wish === undefined ? {} : { wish }),
      document: project === null ? null : documentOf(project),
      control,
      onEvent: (event) => send({ kind: 'event', event }),
    });
    send({ kind: 'done', result });
  } catch (error) {
    send({ kind: 'failed', error: toErrorData(error) });
  } finally {
    port.close();
  }
}

function documentOf(project: string): GraphDocument {
  const parsed = parseDocument(project);
  if (parsed.ok) return parsed.document;
  throw fromErrorData(parsed.error);
}

await serve(must(parentPort, 'parent of the trainer thread'), trainerRequestSchema.parse(workerData));
