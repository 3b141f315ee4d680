import type { EpochEvent, StepEvent } from '#core/contract/metricEvent.ts';
import type { TrainerHandle } from '#workers/training/trainerClient.ts';
import type { TrainEvent, TrainPlan } from '#workers/training/trainEvents.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { dataLines } from '../output/dataWords.ts';
import { endProgressLine, log, progressLine } from '../output/output.ts';

/** Maximum number of skipped files that are listed by name. */
const NAMED_SKIPS = 5;

/** Reports on stderr what a training run does: one line per epoch, and between them one line that rewrites itself. */
export function showProgress(handle: TrainerHandle): void {
  let plan: TrainPlan | null = null;
  handle.onEvent((event: TrainEvent) => {
    if (event.type === 'progress')
      progressLine(
        `${inEnglish(event.label)}: ${event.done}${event.total === null ? '' : ` of ${event.total}`}`,
      );
    if (event.type === 'plan') {
      plan = event;
      endProgressLine();
      describePlan(event);
    }
    if (event.type !== 'metrics' || plan === null) return;
    for (const metric of event.events) {
      if (metric.kind === 'step') progressLine(stepText(metric, plan));
      if (metric.kind !== 'epoch') continue;
      endProgressLine();
      log(epochText(metric, plan));
    }
  });
}

function describePlan(plan: TrainPlan): void {
  const validation =
    plan.validationImages > 0 ? `${plan.validationImages} for validation` : 'none for validation';
  log(`${plan.trainImages} images in ${plan.classNames.length} classes, ${validation}`);
  log(`${plan.steps} steps, ${plan.precision}, ${plan.threads} threads, ${plan.backendDescription}`);
  for (const line of dataLines(plan.data)) log(line);
  if (plan.fromStep > 0) log(`resumed at step ${plan.fromStep}`);
  for (const note of plan.notes) log(`note: ${inEnglish(note)}`);
  for (const { file, reason } of plan.skipped.slice(0, NAMED_SKIPS))
    log(`skipped ${JSON.stringify(file)}: ${inEnglish(reason)}`);
  const more = plan.skipped.length - NAMED_SKIPS;
  if (more > 0) log(`and ${more} more files skipped; \`normlab inspect\` lists them all`);
}

/** The line of a step. */
export function stepText(
  { step, loss, accuracy, imagesPerSecond }: StepEvent,
  { steps }: Pick<TrainPlan, 'steps'>,
): string {
  return `step ${step} of ${steps}  loss ${number(loss)}  accuracy ${accuracy?.toFixed(3) ?? 'unknown'}  ${Math.round(imagesPerSecond)} images/s`;
}

/** The line of the end of an epoch. */
export function epochText(event: EpochEvent, { epochs }: Pick<TrainPlan, 'epochs'>): string {
  const validation =
    event.valAccuracy === null
      ? ''
      : `  val loss ${number(event.valLoss)}  val accuracy ${event.valAccuracy.toFixed(4)}`;
  if (epochs === 0)
    return `without training  loss ${number(event.loss)}  accuracy ${event.accuracy.toFixed(4)}${validation}`;
  return `epoch ${event.epoch} of ${epochs}  loss ${number(event.loss)}  accuracy ${event.accuracy.toFixed(4)}${validation}  (${(event.elapsedMs / 1000).toFixed(1)} s)`;
}

function number(value: number | null): string {
  return value === null ? 'not finite' : value.toFixed(4);
}
