import { fromErrorData } from '#core/diagnostics/appError.ts';
import { parseDocument } from '#core/document/parse.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { RunResult } from '#core/contract/runResult.ts';
import { serveThread } from '../threads/serveThread.ts';
import { createTrainControl, type TrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';
import {
  trainerCommandSchema,
  trainerRequestSchema,
  type TrainerCommand,
  type TrainerRequestData,
} from './trainerMessages.ts';
import { trainRun } from './trainRun.ts';

/** The run that a request describes. */
async function train(
  {
    project,
    name,
    cacheFolder,
    checkpointEveryMs,
    wish,
    from,
    partial,
    weightsFolders,
    series,
    ...rest
  }: TrainerRequestData,
  control: TrainControl,
  onEvent: (event: TrainEvent) => void,
): Promise<RunResult> {
  return trainRun({
    ...rest,
    ...(name === undefined ? {} : { name }),
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
    ...(checkpointEveryMs === undefined ? {} : { checkpointEveryMs }),
    ...(wish === undefined ? {} : { wish }),
    ...(from === undefined ? {} : { from }),
    ...(partial === undefined ? {} : { partial }),
    ...(weightsFolders === undefined ? {} : { weightsFolders }),
    ...(series === undefined ? {} : { series }),
    document: project === null ? null : documentOf(project),
    control,
    onEvent,
  });
}

function documentOf(project: string): GraphDocument {
  const parsed = parseDocument(project);
  if (parsed.ok) return parsed.document;
  throw fromErrorData(parsed.error);
}

/** Entry of a trainer thread: runs one training, sends its events to the parent and receives commands from it. */
await serveThread<TrainerRequestData, TrainerCommand, TrainEvent, RunResult>(
  { request: trainerRequestSchema, command: trainerCommandSchema },
  (request, { signal, tell, onCommand }) => {
    const control = createTrainControl();
    signal.addEventListener('abort', () => control.stop());
    onCommand((command) => control[command]());
    return train(request, control, tell);
  },
);
