import type { RunResult } from '#core/contract/runResult.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import type { TrainEvent, TrainPlan } from '#workers/training/trainEvents.ts';
import { startTrainer, type TrainerHandle } from '#workers/training/trainerClient.ts';
import { afterEvent, curveLines, EMPTY_VIEW, epochLine, frameLines, type DemoView } from './demoView.ts';
import type { LiveScreen } from './liveScreen.ts';

export interface DemoTraining {
  readonly document: GraphDocument;
  readonly train: string;
  readonly test: string;
  readonly run: string;
  readonly cacheFolder: string;
}

/** A second signal within this time is a duplicate of the first, received through another process. */
const SAME_SIGNAL_MS = 1000;

/**
 * Trains while `screen` shows the curve; without a terminal the curve is drawn once, at the end. Ctrl+C saves the state
 * and stops. Rejects as `startTrainer` does.
 */
export async function trainDemo(
  training: DemoTraining,
  screen: LiveScreen,
): Promise<{ result: RunResult; plan: TrainPlan | null }> {
  const { document, train, test, run, cacheFolder } = training;
  const handle = startTrainer({
    project: serializeDocument(document),
    name: 'demo',
    train,
    validation: test,
    out: run,
    cacheFolder,
  });
  let view: DemoView = EMPTY_VIEW;
  handle.onEvent((event) => {
    view = afterEvent(view, event);
    tell(event, view.plan, screen);
    screen.show(() => frameLines(view, screen.columns));
  });
  const release = stopOnSignal(handle, screen);
  try {
    const result = await handle.done;
    return { result, plan: view.plan };
  } finally {
    release();
    screen.clear();
    if (view.steps.length > 0) for (const line of curveLines(view, screen.columns)) screen.log(line);
  }
}

function tell(event: TrainEvent, plan: TrainPlan | null, screen: LiveScreen): void {
  if (event.type === 'plan') {
    screen.log(
      `${event.trainImages} images to train on, ${event.validationImages} to test on, ${event.classNames.length} classes: ${event.classNames.join(', ')}`,
    );
    screen.log(
      `${event.steps} steps, ${event.precision}, ${event.threads} threads, ${event.backendDescription}`,
    );
    for (const note of event.notes) screen.log(`note: ${inEnglish(note)}`);
  }
  if (event.type !== 'metrics' || plan === null) return;
  for (const metric of event.events) if (metric.kind === 'epoch') screen.log(epochLine(metric, plan));
}

function stopOnSignal(handle: TrainerHandle, screen: LiveScreen): () => void {
  let stoppedAt: number | null = null;
  const onSignal = (): void => {
    if (stoppedAt !== null && performance.now() - stoppedAt < SAME_SIGNAL_MS) return;
    if (stoppedAt !== null) process.exit(130);
    stoppedAt = performance.now();
    screen.log('stopping: saving the state (again to end at once)');
    handle.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  };
}
